// What every provider of a built-in ability owes to the runs that it answers. Each
// provider's tests run this suite on the real thing.

import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AbilityError, BUILTIN_ABILITIES, type PerformContext, type Provider } from '#abilities'
import { decodeValue, encodeValue, type Value } from '#codebase'

export interface ProviderCase {
  readonly name: string
  readonly provider: Provider
  /** Calls that succeed, at least one for each operation, performed in this order. */
  readonly calls: readonly (readonly [operation: string, ...args: Value[]])[]
  /** A scope to perform them within. */
  readonly scope?: string
}

/** Names that objects inherit, and others that no ability declares. */
const NO_OPERATIONS = ['', 'constructor', '__proto__', 'toString', 'hasOwnProperty', 'perform', 'Now']

/** Registers the suite for one provider; the file still ends with `test.run()`. */
export function testProvider({ name, provider, calls, scope }: ProviderCase): void {
  const declared = BUILTIN_ABILITIES.find((ability) => ability.name === provider.ability)
  const context = (signal = new AbortController().signal): PerformContext => ({
    scope,
    signal,
    log: () => {},
  })
  const perform = (
    [operation, ...args]: readonly [string, ...Value[]],
    signal?: AbortSignal,
  ): Promise<Value> => provider.perform(operation, args, context(signal))

  test(`${name} answers exactly the operations of its ability`, () => {
    assert.equal(provider.operations, declared?.operations)
    assert.equal([...new Set(calls.map(([operation]) => operation))].sort(), provider.operations)
  })

  test(`${name} answers with values that cross boundaries`, async () => {
    for (const call of calls) {
      const value = await perform(call)
      assert.equal(decodeValue(encodeValue(value)), value, call[0])
    }
  })

  test(`${name} refuses operations that its ability does not have`, async () => {
    for (const operation of NO_OPERATIONS) {
      assert.is((await failure(perform([operation]))).name, 'TypeError', operation)
    }
  })

  test(`${name} refuses more arguments than an operation takes`, async () => {
    for (const [operation, ...args] of calls) {
      const tooMany = [...args, ...Array<Value>(9).fill(null)]
      assert.is((await failure(perform([operation, ...tooMany]))).name, 'TypeError', operation)
    }
  })

  test(`${name} refuses to begin for a run that has ended`, async () => {
    for (const call of calls) {
      assert.is((await failure(perform(call, AbortSignal.abort()))).name, 'Cancelled', call[0])
    }
  })

  test(`${name} answers any arguments with a value or an AbilityError without host details`, async () => {
    const operation = fc.constantFrom(...provider.operations)
    const anyCall = fc.tuple(operation, fc.array(hostileValues(), { maxLength: 3 }))
    await fc.assert(
      fc.asyncProperty(anyCall, async ([chosen, args]) => {
        const ended = AbortSignal.timeout(200)
        const outcome = await perform([chosen, ...args], ended).catch((error: unknown) => error)
        if (!(outcome instanceof Error)) return void encodeValue(outcome as Value)
        assert.instance(outcome, AbilityError, String(outcome.stack))
        assert.not.match(outcome.message, /\/work\/|node_modules|\.ts\b|\n/)
      }),
      { numRuns: 150 },
    )
  })
}

async function failure(performed: Promise<Value>): Promise<Error> {
  const outcome = await performed.catch((error: unknown) => error)
  assert.instance(outcome, AbilityError)
  return outcome as Error
}

/** Values of every kind, those that have broken readers of arguments before among them. */
function hostileValues(): fc.Arbitrary<Value> {
  const leaf: fc.Arbitrary<Value> = fc.oneof(
    fc.constantFrom<Value>(undefined, null, true, -0, Number.NaN, Number.POSITIVE_INFINITY, 1e21, 10n, ''),
    fc.constantFrom<Value>('__proto__', '\0', 'a\r\nb: c', 'http://[::1]/', 'file:///etc/passwd', '../..'),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.integer(),
    fc.uint8Array({ maxLength: 8 }),
    fc.constant(new Date(0)),
    fc.constant('x'.repeat(70_000)),
  )
  return fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom('method', 'headers', 'body', 'limit', 'after', '__proto__', 'a'),
        tie('value'),
        {
          maxKeys: 3,
          noNullPrototype: true,
        },
      ),
      fc
        .array(fc.tuple(fc.string(), leaf), { maxLength: 2 })
        .map((entries) => new Map<Value, Value>(entries)),
    ),
  })).value
}
