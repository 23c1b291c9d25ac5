// Failures as tests look at them.

import * as assert from 'uvu/assert'
import { KnownError } from '#codebase'

/** The KnownError that `work` fails with; the test fails if there is none or if it has another code. */
export async function failure(
  code: string,
  work: Promise<unknown> | (() => Promise<unknown>),
): Promise<KnownError> {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    assert.is(error.code, code, error.message)
    assert.ok(error.hint, `${code} says what to do next`)
    return error
  }
  assert.unreachable(`expected ${code}`)
  throw new Error('unreachable')
}
