// Store: values under keys that outlive a run. This file holds what every provider has in
// common: the checks, the scope, the encoding. A backend keeps bytes under text keys.

import { decodeValue, type Value } from '#codebase'
import {
  type Call,
  encodedArgument,
  expectAtMost,
  integerArgument,
  objectArgument,
  textArgument,
} from '../arguments.ts'
import { STORE } from '../builtin.ts'
import { AbilityError } from '../errors.ts'
import { ABILITY_LIMITS } from '../limits.ts'
import { makeProvider, type PerformContext, type Provider } from '../provider.ts'

/** What a Store provider keeps its bytes in. Keys are any well-formed text, ordered by their UTF-8 bytes. */
export interface StoreBackend {
  get(key: string): Promise<Uint8Array | undefined>
  put(key: string, bytes: Uint8Array): Promise<void>
  /** Does nothing when there is no such key. */
  delete(key: string): Promise<void>
  /**
   * Keys that start with `prefix`, in order. A backend that can stops at what `range` asks for:
   * the first `limit` keys after `after`; more than these are cut off by the provider.
   */
  list(prefix: string, range?: KeyRange): Promise<readonly string[]>
}

export interface KeyRange {
  readonly after?: string
  readonly limit: number
}

/**
 * Answers Store from `backend`. A scope is a folder of the store: under `Store=team/app` the
 * guest's key `k` is kept as `team/app/k`, and nothing outside `team/app/` can be seen.
 */
export function makeStoreProvider(backend: StoreBackend): Provider {
  return makeProvider(STORE, {
    async get(call, context) {
      expectAtMost(call, 1)
      return attempt(call, getValue(backend, scopedKey(call, context)))
    },
    async put(call, context) {
      expectAtMost(call, 2)
      const key = scopedKey(call, context)
      const maxBytes = ABILITY_LIMITS.storeValueBytes
      await attempt(call, backend.put(key, encodedArgument(call, { position: 1, name: 'value', maxBytes })))
      return undefined
    },
    async delete(call, context) {
      expectAtMost(call, 1)
      await attempt(call, backend.delete(scopedKey(call, context)))
      return undefined
    },
    list: (call, context) => listKeys(backend, call, context),
  })
}

async function getValue(backend: StoreBackend, key: string): Promise<Value> {
  const bytes = await backend.get(key)
  return bytes === undefined ? undefined : decodeValue(bytes)
}

/** Keys within the scope, without it. `list(prefix = '', { after, limit } = {})`, sorted by UTF-8 bytes. */
async function listKeys(backend: StoreBackend, call: Call, context: PerformContext): Promise<Value> {
  expectAtMost(call, 2)
  const maxBytes = ABILITY_LIMITS.storeKeyBytes
  const isBare = call.arguments[0] === undefined
  const prefix = isBare ? '' : textArgument(call, { position: 0, name: 'prefix', maxBytes })
  const folder = folderOf(context)
  const range = readRange(call, folder)
  const { after } = range
  const found = await attempt(call, backend.list(folder + prefix, range))
  return found
    .filter((key) => after === undefined || Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0)
    .slice(0, range.limit)
    .map((key) => key.slice(folder.length))
}

/** The range that `list(prefix, { after, limit }?)` asks for, within `folder`. */
function readRange(call: Call, folder: string): KeyRange {
  const { after, limit } = objectArgument(call, { position: 1, name: 'options', keys: ['after', 'limit'] })
  const options: Call = { operation: call.operation, arguments: [after, limit] }
  const maxBytes = ABILITY_LIMITS.storeKeyBytes
  const max = ABILITY_LIMITS.storeListKeys
  return {
    ...(after !== undefined && {
      after: folder + textArgument(options, { position: 0, name: 'after', maxBytes }),
    }),
    limit: limit === undefined ? max : integerArgument(options, { position: 1, name: 'limit', min: 1, max }),
  }
}

function folderOf({ scope }: PerformContext): string {
  return scope === undefined ? '' : `${scope}/`
}

function scopedKey(call: Call, context: PerformContext): string {
  const maxBytes = ABILITY_LIMITS.storeKeyBytes
  const key = textArgument(call, { position: 0, name: 'key', minBytes: 1, maxBytes })
  return folderOf(context) + key
}

/** What a backend throws is about the host, so the guest is told only that it failed. */
async function attempt<Result>(call: Call, work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (cause) {
    throw new AbilityError('StoreFailed', `Cannot perform ${call.operation}: the store did not answer`, cause)
  }
}
