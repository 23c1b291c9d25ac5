// Failures of the command line itself. They are made where one is about to be
// thrown, so that a command that ends well never loads what makes them.

import type { KnownError, KnownErrorInit } from '#codebase'

/** A wrong command line: exit code 2. */
export function usageError(code: string, message: string, init: KnownErrorInit = {}): Promise<KnownError> {
  return failure('usage', code, message, init)
}

/** Refused input, or something that is not there: exit code 1. */
export function inputError(code: string, message: string, init: KnownErrorInit = {}): Promise<KnownError> {
  return failure('input', code, message, init)
}

async function failure(
  group: KnownError['group'],
  code: string,
  message: string,
  init: KnownErrorInit,
): Promise<KnownError> {
  const { KnownError } = await import('#codebase')
  return new KnownError(group, code, message, init)
}
