// Http: fetches within the scope of an allowance. Every hop of a redirect is checked like
// the first request; answers are bounded in bytes and time. Failures that a guest sees:
// HttpRefused, HttpTimeout, HttpTooLarge, HttpFailed.

import type { Dispatcher } from 'undici'
import type { Value } from '#codebase'
import type { Call } from './arguments.ts'
import { HTTP } from './builtin.ts'
import { AbilityError } from './errors.ts'
import type { AddressRefusedError, Lookup } from './http-guard.ts'
import { type HttpRequest, readRequest } from './http-request.ts'
import { admit, parseHttpScope } from './http-scope.ts'
import { ABILITY_LIMITS } from './limits.ts'
import { cancelled, makeProvider, type PerformContext, type Provider } from './provider.ts'

export interface HttpPowers {
  /** Resolves names: `lookup` of node:dns. */
  readonly lookup: Lookup
  /** Aborts after `ms` milliseconds: `AbortSignal.timeout`. */
  timeout(ms: number): AbortSignal
}

/** An Http provider holds connections, so it has an end. */
export interface HttpProvider extends Provider {
  close(): Promise<void>
}

/** Connections to public addresses only, and connections to where an allowance explicitly leads. */
interface Agents {
  readonly public: Dispatcher
  readonly named: Dispatcher
}

/** Answers Http over the network. Nothing is loaded or opened before the first fetch. */
export function makeHttpProvider(powers: HttpPowers): HttpProvider {
  let opened: Promise<Agents> | undefined
  const provider = makeProvider(HTTP, {
    async fetch(call, context) {
      const request = readRequest(call)
      opened ??= openAgents(powers)
      const signal = AbortSignal.any([context.signal, powers.timeout(ABILITY_LIMITS.httpTotalMs)])
      try {
        return await fetchFollowing(request, { agents: await opened, scope: context.scope, signal })
      } catch (error) {
        throw asAbilityError(error, { call, context, origin: request.url.origin })
      }
    },
  })
  return Object.freeze({
    ...provider,
    async close() {
      const agents = await opened
      await Promise.all([agents?.public.destroy(), agents?.named.destroy()])
    },
  })
}

async function openAgents({ lookup }: HttpPowers): Promise<Agents> {
  const { makeAgent } = await import('./http-guard.ts')
  return {
    public: makeAgent({ lookup, isGuarded: true }),
    named: makeAgent({ lookup, isGuarded: false }),
  }
}

interface Hop {
  readonly agents: Agents
  readonly scope: string | undefined
  readonly signal: AbortSignal
}

/** Fetches, following redirects by hand so that each is held against the scope. */
async function fetchFollowing(first: HttpRequest, hop: Hop): Promise<Value> {
  let request = first
  for (let redirects = 0; redirects <= ABILITY_LIMITS.httpRedirects; redirects++) {
    const response = await send(request, hop)
    const next = redirected(request, response)
    if (!next)
      return { status: response.statusCode, headers: plainHeaders(response), body: await readBody(response) }
    response.body.on('error', () => {}).destroy()
    request = next
  }
  throw new AbilityError(
    'HttpFailed',
    `Cannot fetch ${first.url.origin}: more than ${ABILITY_LIMITS.httpRedirects} redirects`,
  )
}

async function send(request: HttpRequest, { agents, scope, signal }: Hop): Promise<Dispatcher.ResponseData> {
  const { url, method, headers, body } = request
  const admission = admit(parseHttpScope(scope), url)
  if (admission === 'refused') {
    throw new AbilityError('HttpRefused', `Cannot fetch ${url.origin}: it is not among the hosts allowed`)
  }
  const { request: dispatch } = await import('undici')
  return dispatch(url, {
    dispatcher: admission === 'named' ? agents.named : agents.public,
    method,
    // Compressed bodies would be handed over as they are, so none is asked for.
    headers: { 'user-agent': 'mycel', 'accept-encoding': 'identity', ...headers },
    signal,
    ...(body && { body }),
  })
}

/** The request that a response redirects to, as browsers change it (Fetch §4.4); undefined when it does not. */
function redirected(request: HttpRequest, response: Dispatcher.ResponseData): HttpRequest | undefined {
  const { statusCode, headers } = response
  const location = [headers['location']].flat()[0]
  if (location === undefined || ![301, 302, 303, 307, 308].includes(statusCode)) return undefined
  const url = URL.parse(location, request.url)
  if (
    !url ||
    (url.protocol !== 'http:' && url.protocol !== 'https:') ||
    url.username !== '' ||
    url.password !== ''
  ) {
    throw new AbilityError(
      'HttpRefused',
      `Cannot fetch ${request.url.origin}: it redirects to what is not a plain http: or https: URL`,
    )
  }
  const becomesGet =
    (statusCode === 303 && request.method !== 'HEAD') || (statusCode <= 302 && request.method === 'POST')
  const kept = Object.entries(request.headers).filter(
    ([name]) =>
      !(becomesGet && name.startsWith('content-')) &&
      !(url.origin !== request.url.origin && /^(authorization|cookie)$/.test(name)),
  )
  return {
    url,
    method: becomesGet ? 'GET' : request.method,
    headers: Object.fromEntries(kept),
    body: becomesGet ? undefined : request.body,
  }
}

/** Header fields by lower-case name. Repeated ones are joined by `, ` (RFC 9110 §5.3), cookies by a line end. */
function plainHeaders({ headers }: Dispatcher.ResponseData): Record<string, string> {
  const join = (name: string, value: string | string[]): string =>
    [value]
      .flat()
      .join(name === 'set-cookie' ? '\n' : ', ')
      .toWellFormed()
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, join(name, value)]],
    ),
  )
}

async function readBody({ body }: Dispatcher.ResponseData): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > ABILITY_LIMITS.httpResponseBytes) {
      const most = ABILITY_LIMITS.httpResponseBytes
      throw new AbilityError('HttpTooLarge', `Cannot fetch: the body has more than ${most} bytes`)
    }
    chunks.push(chunk)
  }
  return Uint8Array.from(Buffer.concat(chunks))
}

/** What the guest is told of a failure: which kind it was, and nothing about this machine or its network. */
function asAbilityError(
  error: unknown,
  request: { call: Call; context: PerformContext; origin: string },
): AbilityError {
  const { call, context, origin } = request
  if (error instanceof AbilityError) return error
  if (context.signal.aborted) return cancelled(call.operation)
  const failure = (name: string, why: string): AbilityError =>
    new AbilityError(name, `Cannot fetch ${origin}: ${why}`, error)
  const { name, code } = error as { name?: unknown; code?: unknown }
  if (name === ('AddressRefusedError' satisfies AddressRefusedError['name'])) {
    return failure('HttpRefused', 'it does not lead to a public address, and the allowance does not name it')
  }
  if (name === 'TimeoutError' || String(code).endsWith('_TIMEOUT'))
    return failure('HttpTimeout', 'it took too long')
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return failure('HttpTooLarge', 'its header fields are too long')
  return failure(
    'HttpFailed',
    typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : 'no usable answer',
  )
}
