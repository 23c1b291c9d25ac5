import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type HttpPowers, makeHttpProvider } from '#abilities'
import type { Value } from '#codebase'
import { testProvider } from '../contracts/provider.ts'
import { failureOf, performWith } from './perform.ts'

/** Paths of the server that the tests fetch from. */
const ROUTES: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  '/hello': (_request, response) => response.end('hello'),
  '/echo': (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method, headers } = request
      response.end(JSON.stringify({ method, headers, body: Buffer.concat(chunks).toString() }))
    })
  },
  '/headers': (_request, response) => {
    response.writeHead(404, [
      ['X-One', 'a'],
      ['X-One', 'b'],
      ['Set-Cookie', 'c=1'],
      ['Set-Cookie', 'd=2'],
    ])
    response.end()
  },
  '/exact': (_request, response) => response.end(Buffer.alloc(4_194_304)),
  '/endless': (_request, response) => {
    const write = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    }
    response.on('drain', write)
    write()
  },
  '/long-header': (_request, response) => response.setHeader('x-long', 'x'.repeat(80_000)).end(),
  '/silent': () => silence.resolve(),
  '/half': (_request, response) => {
    response.writeHead(200, { 'content-length': '10' })
    response.write('half', () => response.destroy())
  },
  '/loop': redirect(302, '/loop'),
  '/303': redirect(303, '/echo'),
  '/307': redirect(307, '/echo'),
  '/to-metadata': redirect(302, 'http://169.254.169.254/latest'),
  '/to-file': redirect(302, 'file:///etc/passwd'),
  '/to-name': (_request, response) => redirect(302, `http://other.test:${port}/echo`)(_request, response),
}

/** Resolves once a request waits for an answer that never comes. */
let silence = Promise.withResolvers<void>()

function redirect(status: number, location: string) {
  return (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(status, { location }).end('elsewhere')
  }
}

const server = createServer((request, response) => {
  const route = ROUTES[new URL(request.url ?? '/', 'http://server').pathname]
  if (route) route(request, response)
  else response.writeHead(404).end()
})
server.keepAliveTimeout = 60_000 // a busy machine is no reason to close what the client is about to use
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as AddressInfo
const origin = `http://127.0.0.1:${port}`

/** Names as a resolver answers them that may be lying. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1'],
  'own.test': ['127.0.0.1'],
  'other.test': ['127.0.0.1'],
  'mixed.test': ['93.184.216.34', '127.0.0.1'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'metadata.test': ['169.254.169.254'],
}

const powers: HttpPowers = {
  lookup(host, options, callback) {
    const found = (NAMES[host] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    const [first] = found
    if (!first) callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }), '')
    else if (options.all) callback(null, found)
    else callback(null, first.address, first.family)
  },
  timeout: () => new AbortController().signal,
}

const provider = makeHttpProvider(powers)
const fetchWithin = (scope: string | undefined) => {
  const perform = performWith(provider, scope === undefined ? {} : { scope })
  return (url: string, options?: Value) => perform('fetch', url, options)
}
const fetchOwn = fetchWithin(`${origin},http://other.test:${port}`)

testProvider({
  name: 'Http',
  provider,
  calls: [
    ['fetch', `${origin}/hello`],
    ['fetch', `${origin}/echo`, { method: 'post', headers: { 'X-A': 'b' }, body: new Uint8Array([0, 255]) }],
  ],
  scope: origin,
})

test('fetch() answers with status, header fields and bytes', async () => {
  const hello = (await fetchOwn(`${origin}/hello`)) as { status: number; headers: object; body: Uint8Array }
  assert.is(hello.status, 200)
  assert.is(Buffer.from(hello.body).toString(), 'hello')
  assert.is(Object.getPrototypeOf(hello.body), Uint8Array.prototype)
  const { status, headers } = (await fetchOwn(`${origin}/headers`)) as {
    status: number
    headers: Record<string, string>
  }
  assert.is(status, 404, 'a status is an answer, not a failure')
  assert.is(headers['x-one'], 'a, b')
  assert.is(headers['set-cookie'], 'c=1\nd=2')
})

async function echo(
  url: string,
  options?: Value,
): Promise<{ method: string; headers: Record<string, string>; body: string }> {
  const { body } = (await fetchOwn(url, options)) as { body: Uint8Array }
  return JSON.parse(Buffer.from(body).toString())
}

test('fetch() sends the method, the header fields and the body', async () => {
  const sent = await echo(`${origin}/echo?q`, { method: 'put', headers: { 'X-Token': 'a b' }, body: 'é' })
  assert.is(sent.method, 'PUT')
  assert.is(sent.headers['x-token'], 'a b')
  assert.is(sent.headers['content-length'], '2')
  assert.is(sent.body, 'é')
})

test('fetch() follows redirects, changing the request as browsers do', async () => {
  const post = {
    method: 'POST',
    headers: { 'content-type': 'text/plain', authorization: 'secret' },
    body: 'x',
  }
  const seen = await echo(`${origin}/303`, post)
  assert.equal([seen.method, seen.body, seen.headers['content-type']], ['GET', '', undefined])
  assert.is(seen.headers['authorization'], 'secret')
  const again = await echo(`${origin}/307`, post)
  assert.equal([again.method, again.body, again.headers['content-type']], ['POST', 'x', 'text/plain'])
})

test('fetch() keeps credentials from other origins that it is redirected to', async () => {
  const headers = { authorization: 'secret', cookie: 'a=b', 'x-kept': 'yes' }
  const seen = await echo(`${origin}/to-name`, { headers })
  assert.is(seen.headers['host'], `other.test:${port}`)
  assert.is(seen.headers['authorization'], undefined)
  assert.is(seen.headers['cookie'], undefined)
  assert.is(seen.headers['x-kept'], 'yes')
})

/** Ways to say loopback, and other places that are nobody's public address. */
const NOT_PUBLIC = [
  `http://127.0.0.1:${port}/hello`,
  `http://localhost:${port}/hello`,
  `http://[::1]:${port}/hello`,
  `http://[::ffff:127.0.0.1]:${port}/hello`,
  `http://[::ffff:7f00:1]:${port}/hello`,
  `http://0x7f000001:${port}/hello`,
  `http://2130706433:${port}/hello`,
  `http://017700000001:${port}/hello`,
  `http://127.1:${port}/hello`,
  `http://127.0.0.1.:${port}/hello`,
  `http://0:${port}/hello`,
  `http://①②⑦.⓪.⓪.①:${port}/hello`,
  `http://[64:ff9b::7f00:1]:${port}/hello`,
  'http://169.254.169.254/',
  'http://100.64.0.1/',
  'http://[fd00::1]/',
  `http://own.test:${port}/hello`,
  `http://mixed.test:${port}/hello`,
  `http://mapped.test:${port}/hello`,
  'http://metadata.test/latest',
]

for (const url of NOT_PUBLIC) {
  test(`fetch() refuses ${url.replace(`:${port}`, ':PORT')} unless it is named`, async () => {
    for (const scope of [undefined, '*', '*&127.0.0.1']) {
      assert.is((await failureOf(fetchWithin(scope)(url))).name, 'HttpRefused', scope)
    }
  })
}

test('fetch() refuses a private address behind a name that is not named with its scheme', async () => {
  assert.is((await failureOf(fetchWithin('own.test')(`http://own.test:${port}/hello`))).name, 'HttpRefused')
  assert.is((await failureOf(fetchWithin('*.test')(`http://own.test:${port}/hello`))).name, 'HttpRefused')
  assert.ok(await fetchWithin(`http://own.test:${port}`)(`http://own.test:${port}/hello`))
  assert.is(
    (await failureOf(fetchWithin(undefined)(`http://own.test:${port}/hello`))).name,
    'HttpRefused',
    'a connection that one scope opened is not there for another',
  )
})

test('fetch() refuses redirects to what the scope does not hold', async () => {
  for (const path of ['/to-metadata', '/to-file']) {
    assert.is((await failureOf(fetchOwn(origin + path))).name, 'HttpRefused', path)
  }
  assert.is((await failureOf(fetchWithin(origin)(`${origin}/to-name`))).name, 'HttpRefused')
})

test('fetch() refuses hosts outside of the scope before any connection', async () => {
  assert.equal(await failureOf(fetchWithin('api.example.com')('https://example.com/')), {
    name: 'HttpRefused',
    message: 'Cannot fetch https://example.com: it is not among the hosts allowed',
  })
})

test('fetch() bounds redirects, bodies and header fields', async () => {
  assert.is((await failureOf(fetchOwn(`${origin}/loop`))).name, 'HttpFailed')
  assert.is((await failureOf(fetchOwn(`${origin}/endless`))).name, 'HttpTooLarge')
  assert.is((await failureOf(fetchOwn(`${origin}/long-header`))).name, 'HttpTooLarge')
  const { body } = (await fetchOwn(`${origin}/exact`)) as { body: Uint8Array }
  assert.is(body.length, 4_194_304)
})

test('fetch() fails when the answer breaks off, when nobody listens and when there is no such name', async () => {
  assert.is((await failureOf(fetchOwn(`${origin}/half`))).name, 'HttpFailed')
  assert.equal(await failureOf(fetchWithin('http://127.0.0.1:1')('http://127.0.0.1:1/')), {
    name: 'HttpFailed',
    message: 'Cannot fetch http://127.0.0.1:1: ECONNREFUSED',
  })
  assert.equal(await failureOf(fetchWithin(undefined)('https://nowhere.test/')), {
    name: 'HttpFailed',
    message: 'Cannot fetch https://nowhere.test: ENOTFOUND',
  })
})

test('fetch() ends when its time is over, and when the run ends', async () => {
  silence = Promise.withResolvers()
  const time = new AbortController()
  const bounded = makeHttpProvider({ ...powers, timeout: () => time.signal })
  const timedOut = failureOf(performWith(bounded, { scope: origin })('fetch', `${origin}/silent`))
  await silence.promise
  time.abort(new DOMException('', 'TimeoutError'))
  assert.is((await timedOut).name, 'HttpTimeout')
  await bounded.close()

  silence = Promise.withResolvers()
  const run = new AbortController()
  const cancelled = failureOf(
    performWith(provider, { scope: origin, signal: run.signal })('fetch', `${origin}/silent`),
  )
  await silence.promise
  run.abort()
  assert.is((await cancelled).name, 'Cancelled')
})

/** Arguments that are refused, and as what. */
const WRONG: readonly (readonly [name: string, url: Value, options?: Value])[] = [
  ['TypeError', 5],
  ['TypeError', 'not a url'],
  ['TypeError', 'file:///etc/passwd'],
  ['TypeError', 'http://user:password@127.0.0.1/'],
  ['RangeError', `http://127.0.0.1/${'x'.repeat(8_192)}`],
  ['TypeError', origin, 'GET'],
  ['TypeError', origin, { method: 'TRACE' }],
  ['TypeError', origin, { method: 'GET\r\nX: y' }],
  ['TypeError', origin, { header: {} }],
  ['TypeError', origin, { headers: [['a', 'b']] }],
  ['TypeError', origin, { headers: { a: 1 } }],
  ['TypeError', origin, { headers: { a: 'b\r\nc: d' } }],
  ['TypeError', origin, { headers: { 'a b': 'c' } }],
  ['TypeError', origin, { headers: { Host: 'example.com' } }],
  ['TypeError', origin, { headers: { 'Transfer-Encoding': 'chunked' } }],
  ['TypeError', origin, { headers: { 'proxy-authorization': 'x' } }],
  ['RangeError', origin, { headers: { a: 'x'.repeat(16_384) } }],
  [
    'RangeError',
    origin,
    { headers: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`h${i}`, ''])) },
  ],
  ['TypeError', origin, { body: 'x' }],
  ['TypeError', origin, { method: 'POST', body: { a: 1 } }],
  ['RangeError', origin, { method: 'POST', body: new Uint8Array(1_048_577) }],
]

for (const [name, url, options] of WRONG) {
  const shown = JSON.stringify([url, options]).slice(0, 80).replace(String(port), 'PORT')
  test(`fetch() refuses ${shown} as a ${name}`, async () => {
    assert.is((await failureOf(performWith(provider, { scope: origin })('fetch', url, options))).name, name)
  })
}

test.after(async () => {
  await provider.close()
  server.closeAllConnections()
  server.close()
})
test.run()
