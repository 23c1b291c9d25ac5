// Which hosts an Http allowance names. `Http=api.example.com,*.example.org,http://127.0.0.1:8080`
// is a list of rules, one of which must fit a request. Lists joined by `&` must all fit:
// that is how the allowance of a node and of its caller are intersected.

import ipaddr from 'ipaddr.js'
import { ABILITY_LIMITS } from './limits.ts'
import type { ScopeRule } from './scope.ts'

/** One entry of a list: `[scheme://]host[:port]`. */
interface HostRule {
  /** `http:` or `https:`; any of the two when absent. */
  readonly protocol?: string
  /** As a URL spells it; `*` is any host, `*.example.org` any below example.org. */
  readonly host: string
  /** Any port when absent. */
  readonly port?: number
  /** Whether the host was named so that a private address must be what is meant. */
  readonly mayBePrivate: boolean
}

/** Lists of rules, each of which must have one that fits. */
export type HttpScope = readonly (readonly HostRule[])[]

/** What a scope says of a URL: refused, any public address, or also a private one. */
export type Admission = 'refused' | 'public' | 'named'

const ANY = '*'
const ENTRY = /^(?:(https?):\/\/)?(\*|\*\.[^*:/]+|\[[0-9a-f:.]+\]|[^*:/[\]]+)(?::(\d{1,5}))?\/?$/i
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/** Reads a scope in canonical form; absent, it is any public host. @throws TypeError for anything else */
export function parseHttpScope(scope: string | undefined): HttpScope {
  const lists = readLists(scope ?? ANY)
  if (!lists) throw new TypeError(`Cannot parse scope: ${JSON.stringify(scope)}, expected a list of hosts`)
  return lists
}

/** Whether a request to `url` is within the scope. */
export function admit(scope: HttpScope, url: URL): Admission {
  let admission: Admission = 'named'
  for (const rules of scope) {
    const fitting = rules.filter((rule) => fits(rule, url))
    if (fitting.length === 0) return 'refused'
    if (!fitting.some((rule) => rule.mayBePrivate)) admission = 'public'
  }
  return admission
}

/** How Http scopes are combined: intersecting keeps both lists, uniting appends one to the other. */
export const httpScope: ScopeRule = Object.freeze({
  expected: 'hosts separated by commas, as in api.example.com,*.example.org,http://127.0.0.1:8080',
  normalise(scope: string) {
    if (scope.length > ABILITY_LIMITS.scopeLength) return undefined
    return readLists(scope)
      ?.map((rules) => unique(rules.map(print)).join(','))
      .join('&')
  },
  intersect(left: string | undefined, right: string | undefined) {
    if (left === right) return { scope: left }
    // An absent scope is spelled out, since it lets no private address through and the other may.
    const lists = unique([...(left ?? ANY).split('&'), ...(right ?? ANY).split('&')])
    return { scope: lists.join('&') }
  },
  unite(left: string, right: string) {
    if (left.includes('&') || right.includes('&')) return undefined
    return unique([...left.split(','), ...right.split(',')]).join(',')
  },
})

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort()
}

function readLists(scope: string): HostRule[][] | undefined {
  const lists = scope.split('&').map((list) => list.split(',').map((entry) => readRule(entry.trim())))
  return lists.every((list) => list.every((rule) => rule !== undefined)) ? (lists as HostRule[][]) : undefined
}

function readRule(entry: string): HostRule | undefined {
  const [match, scheme, name = '', digits] = ENTRY.exec(entry) ?? []
  if (match === undefined) return undefined
  const host = readHost(name)
  const given = digits === undefined ? undefined : Number(digits)
  if (host === undefined || given === 0 || (given ?? 0) > 65_535) return undefined
  const protocol = scheme === undefined ? undefined : `${scheme.toLowerCase()}:`
  const port = given ?? (protocol === undefined ? undefined : DEFAULT_PORTS[protocol])
  return {
    host,
    ...(protocol !== undefined && { protocol }),
    ...(port !== undefined && { port }),
    mayBePrivate: !host.startsWith(ANY) && (protocol !== undefined || isLocal(host)),
  }
}

/** The host as a URL spells it, so that every spelling of an address is one text. */
function readHost(name: string): string | undefined {
  if (name === ANY) return ANY
  const isWild = name.startsWith('*.')
  const url = URL.parse(`http://${isWild ? name.slice(2) : name}/`)
  if (!url || url.username !== '' || url.search !== '' || url.hash !== '' || url.pathname !== '/')
    return undefined
  const host = hostOf(url)
  if (host === '' || (isWild && isLocal(host))) return undefined
  return isWild ? `*.${host}` : host
}

/** The host of `url` without the dot of a rooted name. */
function hostOf(url: URL): string {
  return url.hostname.replace(/\.$/, '')
}

/** True for a host that can mean nothing but one address or the machine itself. */
function isLocal(host: string): boolean {
  return host === 'localhost' || host.startsWith('[') || ipaddr.IPv4.isValidFourPartDecimal(host)
}

function fits(rule: HostRule, url: URL): boolean {
  if (rule.protocol !== undefined && rule.protocol !== url.protocol) return false
  const port = url.port === '' ? DEFAULT_PORTS[url.protocol] : Number(url.port)
  if (rule.port !== undefined && rule.port !== port) return false
  const host = hostOf(url)
  return (
    rule.host === ANY ||
    rule.host === host ||
    (rule.host.startsWith('*.') && host.endsWith(rule.host.slice(1)))
  )
}

function print({ protocol, host, port }: HostRule): string {
  const isDefault = protocol !== undefined && port === DEFAULT_PORTS[protocol]
  return `${protocol ? `${protocol}//` : ''}${host}${port === undefined || isDefault ? '' : `:${port}`}`
}
