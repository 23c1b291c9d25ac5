// What a guest may ask of Http.fetch: the URL and the options, read and checked.

import type { Value } from '#codebase'
import {
  type Call,
  describe,
  expectAtMost,
  isPlainObject,
  objectArgument,
  outOfRange,
  textArgument,
  wrongArgument,
} from './arguments.ts'
import { ABILITY_LIMITS } from './limits.ts'

export interface HttpRequest {
  readonly url: URL
  readonly method: HttpMethod
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | undefined
}

export type HttpMethod = (typeof METHODS)[number]

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
/** A field name (RFC 9110 §5.1). */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** A field value (RFC 9110 §5.5) without the bytes beyond ASCII, which servers read differently. */
const HEADER_VALUE = /^[\t\x20-\x7e]*$/
/** Fields by which a request would be framed or routed otherwise than was checked. */
const RESERVED_HEADERS =
  /^(connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*)$/

/** The request that `fetch(url, { method, headers, body }?)` asks for. @throws AbilityError TypeError, RangeError */
export function readRequest(call: Call): HttpRequest {
  expectAtMost(call, 2)
  const url = readUrl(call)
  const options = objectArgument(call, { position: 1, name: 'options', keys: ['method', 'headers', 'body'] })
  const method = readMethod(call, options['method'])
  const body = readBody(call, options['body'])
  if (body && (method === 'GET' || method === 'HEAD')) {
    throw wrongArgument(call, { name: 'body', is: `given with ${method}`, expected: 'none with this method' })
  }
  return { url, method, headers: readHeaders(call, options['headers']), body }
}

function readUrl(call: Call): URL {
  const maxBytes = ABILITY_LIMITS.httpUrlLength
  const text = textArgument(call, { position: 0, name: 'url', minBytes: 1, maxBytes })
  const url = URL.parse(text)
  const expected = 'an http: or https: URL without credentials'
  if (!url) throw wrongArgument(call, { name: 'url', is: 'not a URL', expected })
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw wrongArgument(call, { name: 'url', is: `a ${url.protocol} URL`, expected })
  }
  if (url.username !== '' || url.password !== '') {
    throw wrongArgument(call, { name: 'url', is: 'a URL with credentials', expected })
  }
  return url
}

function readMethod(call: Call, value: Value): HttpMethod {
  if (value === undefined) return 'GET'
  const method = METHODS.find((known) => typeof value === 'string' && known === value.toUpperCase())
  if (method) return method
  const is = typeof value === 'string' ? JSON.stringify(value.slice(0, 20)) : describe(value)
  throw wrongArgument(call, { name: 'method', is, expected: `one of ${METHODS.join(', ')}` })
}

function readBody(call: Call, value: Value): Uint8Array | undefined {
  if (value === undefined) return undefined
  const body = typeof value === 'string' ? Buffer.from(value) : value
  if (!(body instanceof Uint8Array)) {
    throw wrongArgument(call, { name: 'body', is: describe(value), expected: 'text or bytes' })
  }
  const expected = `at most ${ABILITY_LIMITS.httpRequestBytes}`
  if (body.length > ABILITY_LIMITS.httpRequestBytes) {
    throw outOfRange(call, { name: 'body', is: `${body.length} bytes`, expected })
  }
  return body
}

function readHeaders(call: Call, value: Value): Record<string, string> {
  if (value === undefined) return {}
  if (!isPlainObject(value)) {
    throw wrongArgument(call, { name: 'headers', is: describe(value), expected: 'a plain object of texts' })
  }
  const fields = Object.entries(value).map(([name, text]) => readHeader(call, name, text))
  if (fields.length > ABILITY_LIMITS.httpRequestHeaders) {
    const expected = `at most ${ABILITY_LIMITS.httpRequestHeaders}`
    throw outOfRange(call, { name: 'headers', is: `${fields.length} fields`, expected })
  }
  const bytes = fields.reduce((sum, [name, text]) => sum + name.length + text.length, 0)
  if (bytes > ABILITY_LIMITS.httpRequestHeaderBytes) {
    const expected = `at most ${ABILITY_LIMITS.httpRequestHeaderBytes}`
    throw outOfRange(call, { name: 'headers', is: `${bytes} bytes`, expected })
  }
  return Object.fromEntries(fields)
}

function readHeader(call: Call, name: string, value: Value): [name: string, value: string] {
  const shown = JSON.stringify(name.slice(0, 40))
  if (!HEADER_NAME.test(name)) {
    throw wrongArgument(call, {
      name: 'headers',
      is: `an object with ${shown}`,
      expected: 'names of header fields',
    })
  }
  if (RESERVED_HEADERS.test(name.toLowerCase())) {
    const is = `an object with ${shown}`
    throw wrongArgument(call, { name: 'headers', is, expected: 'no field that the connection sets itself' })
  }
  if (typeof value !== 'string' || !HEADER_VALUE.test(value)) {
    const is = typeof value === 'string' ? 'text with other characters' : describe(value)
    throw wrongArgument(call, { name: `header ${shown}`, is, expected: 'text of printable ASCII characters' })
  }
  return [name.toLowerCase(), value]
}
