import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAllowance } from '#abilities'
import { type Admission, admit, httpScope, parseHttpScope } from '../../abilities/http-scope.ts'

const admission = (scope: string | undefined, url: string): Admission =>
  admit(parseHttpScope(scope), new URL(url))

/** What each scope says of each URL. */
const TABLE: readonly (readonly [scope: string | undefined, url: string, expected: Admission])[] = [
  [undefined, 'https://example.com/', 'public'],
  [undefined, 'http://127.0.0.1:8080/', 'public'], // refused by the connection, which sees the address
  ['api.example.com', 'https://api.example.com/v1?q=1', 'public'],
  ['api.example.com', 'http://API.example.com:8080/', 'public'],
  ['api.example.com', 'https://api.example.com./', 'public'],
  ['api.example.com', 'https://example.com/', 'refused'],
  ['api.example.com', 'https://xapi.example.com/', 'refused'],
  ['api.example.com', 'https://api.example.com.evil.net/', 'refused'],
  ['api.example.com', 'https://evil.net/#api.example.com', 'refused'],
  ['*.example.org', 'https://a.b.example.org/', 'public'],
  ['*.example.org', 'https://example.org/', 'refused'],
  ['*.example.org', 'https://badexample.org/', 'refused'],
  ['a.com, b.com', 'https://b.com/', 'public'],
  ['a.com:8443', 'https://a.com:8443/', 'public'],
  ['a.com:8443', 'https://a.com/', 'refused'],
  ['a.com:443', 'https://a.com/', 'public'],
  ['https://a.com', 'https://a.com/', 'named'],
  ['https://a.com', 'http://a.com/', 'refused'],
  ['https://a.com', 'https://a.com:8443/', 'refused'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/x', 'named'],
  ['http://127.0.0.1:8080', 'http://0x7f.1:8080/', 'named'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8081/', 'refused'],
  ['127.0.0.1', 'http://127.0.0.1:9/', 'named'],
  ['2130706433', 'http://127.0.0.1/', 'named'],
  ['localhost', 'http://localhost:3000/', 'named'],
  ['[::1]:80', 'http://[0:0:0:0:0:0:0:1]/', 'named'],
  ['*', 'http://localhost/', 'public'],
  ['bücher.de', 'https://xn--bcher-kva.de/', 'public'],
  // Both lists must admit, and a private address only when both name it.
  ['a.com&b.com', 'https://a.com/', 'refused'],
  ['*.a.com&x.a.com,y.a.com', 'https://x.a.com/', 'public'],
  ['*&http://10.0.0.1', 'http://10.0.0.1/', 'public'],
  ['10.0.0.1&http://10.0.0.1', 'http://10.0.0.1/', 'named'],
]

for (const [scope, url, expected] of TABLE) {
  test(`admit() within ${scope ?? 'no scope'}: ${url} is ${expected}`, () => {
    assert.is(admission(scope, url), expected)
    if (scope !== undefined)
      assert.is(admission(httpScope.normalise(scope), url), expected, 'in canonical form')
  })
}

test('normalise() gives one spelling of one list', () => {
  const scope = parseAllowance('Http=HTTP://B.example:80/, a.example ,0x7f000001:8080,a.example').scope
  assert.is(scope, '127.0.0.1:8080,a.example,http://b.example')
  assert.is(parseAllowance(`Http=${scope}`).scope, scope)
})

test('normalise() refuses what is not a list of hosts', () => {
  const wrong = [
    '',
    ',',
    'a.com,',
    'a b',
    'ftp://a.com',
    'a.com/path',
    'user@a.com',
    'a.com?',
    'a.com#b',
    'a.com:0',
  ]
  wrong.push(
    'a.com:65536',
    '*a.com',
    'a.*.com',
    '*.*',
    '::1',
    '*.127.0.0.1',
    '[::1',
    'http://',
    'a\\b',
    '1.2.3.4.5',
  )
  for (const scope of wrong) assert.is(httpScope.normalise(scope), undefined, scope)
  assert.is(httpScope.normalise('a'.repeat(5_000)), undefined)
})

test.run()
