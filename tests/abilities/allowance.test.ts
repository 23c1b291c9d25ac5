import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  type Allowance,
  formatAllowance,
  intersectAllowances,
  parseAllowance,
  uniteAllowances,
} from '#abilities'
import { KnownError } from '#codebase'

const parseAll = (...texts: string[]): Allowance[] => texts.map(parseAllowance)
const formatAll = (allowances: readonly Allowance[]): string[] => allowances.map(formatAllowance)

function knownError(work: () => unknown): KnownError {
  try {
    work()
  } catch (error) {
    assert.instance(error, KnownError)
    return error as KnownError
  }
  throw new Error('Expected a KnownError')
}

test('parseAllowance() reads an ability and its scope', () => {
  assert.equal(parseAllowance('Http'), { ability: 'Http' })
  assert.equal(parseAllowance('Http=b.com,A.com'), { ability: 'Http', scope: 'a.com,b.com' })
  assert.equal(parseAllowance('Store=team/app/'), { ability: 'Store', scope: 'team/app' })
})

test('parseAllowance() names the nearest ability', () => {
  const error = knownError(() => parseAllowance('http=a.com'))
  assert.is(error.code, 'ability-unknown')
  assert.is(error.group, 'usage')
  assert.is(error.hint, 'did you mean Http?')
  assert.is(knownError(() => parseAllowance('Stroe')).hint, 'did you mean Store?')
  assert.is(
    knownError(() => parseAllowance('Filesystem')).hint,
    'write --allow ABILITY or --allow ABILITY=SCOPE',
  )
  assert.is(knownError(() => parseAllowance('')).code, 'ability-unknown')
})

test('parseAllowance() refuses a scope that the ability does not have', () => {
  for (const text of [
    'Clock=utc',
    'Log=',
    'Http=',
    'Http=ftp://a',
    'Store=/',
    'Store=a//b',
    'Store=a b',
    'Store=',
  ]) {
    const error = knownError(() => parseAllowance(text))
    assert.is(error.code, 'scope-malformed', text)
    assert.is(error.group, 'usage')
  }
})

test('uniteAllowances() lets through what any of them does', () => {
  assert.equal(formatAll(uniteAllowances(parseAll('Log', 'Http=a.com', 'Clock', 'Http=b.com', 'Log'))), [
    'Clock',
    'Http=a.com,b.com',
    'Log',
  ])
  assert.equal(formatAll(uniteAllowances(parseAll('Http=a.com', 'Http'))), ['Http'])
  assert.equal(formatAll(uniteAllowances(parseAll('Store=a', 'Store=a'))), ['Store=a'])
  assert.is(knownError(() => uniteAllowances(parseAll('Store=a', 'Store=b'))).code, 'scope-conflict')
})

/** Node, caller, and what both let through. */
const TABLE: readonly (readonly [node: string[], caller: string[], both: string[]])[] = [
  [['Clock', 'Log'], ['Log', 'Random'], ['Log']],
  [['Clock'], [], []],
  [['Http'], ['Http'], ['Http']],
  [['Http=a.com'], ['Http=a.com'], ['Http=a.com']],
  [['Http'], ['Http=http://10.0.0.1'], ['Http=*&http://10.0.0.1']],
  [['Http=a.com'], ['Http'], ['Http=*&a.com']],
  [['Http=b.com', 'Http=a.com'], ['Http=*.c.com'], ['Http=*.c.com&a.com,b.com']],
  [['Http=a.com&b.com'], ['Http=b.com'], ['Http=a.com&b.com']],
  [['Store'], ['Store=team'], ['Store=team']],
  [['Store=team'], ['Store=team/app'], ['Store=team/app']],
  [['Store=team/app'], ['Store=team'], ['Store=team/app']],
  [['Store=team'], ['Store=teams'], []],
]

for (const [node, caller, both] of TABLE) {
  test(`intersectAllowances() of [${node}] and [${caller}] is [${both}]`, () => {
    assert.equal(formatAll(intersectAllowances(parseAll(...node), parseAll(...caller))), both)
    assert.equal(
      formatAll(intersectAllowances(parseAll(...caller), parseAll(...node))),
      both,
      'either way round',
    )
  })
}

const allowances = fc.subarray(
  parseAll(
    'Clock',
    'Log',
    'Http',
    'Http=a.com',
    'Http=*.a.com,b.com:8080',
    'Store',
    'Store=a',
    'Store=a/b',
    'Store=c',
  ),
)
const oneStore = allowances.filter((list) => list.filter(({ ability }) => ability === 'Store').length < 2)

test('intersectAllowances() is idempotent, commutative and associative, and reads back from its text', () => {
  const both = intersectAllowances
  fc.assert(
    fc.property(oneStore, oneStore, oneStore, (a, b, c) => {
      assert.equal(both(a, a), uniteAllowances(a))
      assert.equal(both(a, b), both(b, a))
      assert.equal(both(both(a, b), c), both(a, both(b, c)))
      assert.equal(both(both(a, b), b), both(a, b))
      assert.equal(formatAll(both(a, b)).map(parseAllowance), both(a, b))
    }),
  )
})

test.run()
