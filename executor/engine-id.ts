// The name of everything that decides what a call comes to besides its code and arguments: the
// engine, the runtime inside it, what that leaves out, and how code is generated for it.

import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { DENIED_MEMBERS, FORMAT_VERSION, LOCALE_METHODS, PERMITTED_INTRINSICS } from '#codebase'
import { ENGINE_SHA256, GUEST_FOLDER, readGuestModule } from './engine.ts'

/** Raised when generated code changes in a way that a guest, its fuel or its errors can show. */
const GENERATOR_VERSION = 4

/**
 * Raised when values cross at another cost: when the steps that the host charges for reading, building or
 * handing over change (read-value.ts, write-value.ts, transfer.ts, arguments.ts), or a bound there that
 * decides which way a value goes. tests/executor/crossing.test.ts shows when.
 */
export const CROSSING_VERSION = 1

let known: string | undefined

/** SHA-256 in hex, in receipts and memo keys: outcomes under one id are equal on every machine. */
export function engineId(): string {
  known ??= computeId()
  return known
}

function computeId(): string {
  const digest = createHash('sha256')
  const denied = Object.entries(DENIED_MEMBERS).map(([name, members]) => [name, Object.keys(members)])
  digest.update(
    JSON.stringify([
      ENGINE_SHA256,
      FORMAT_VERSION,
      GENERATOR_VERSION,
      CROSSING_VERSION,
      PERMITTED_INTRINSICS,
      denied,
      [...LOCALE_METHODS],
    ]),
  )
  for (const name of readdirSync(GUEST_FOLDER).sort()) digest.update(`\0${name}\0${readGuestModule(name)}`)
  return digest.digest('hex')
}
