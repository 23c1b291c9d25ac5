// The name of everything that decides what a call comes to besides its code and arguments: the
// engine, the runtime inside it, what that leaves out, and how code is generated for it.

import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { DENIED_MEMBERS, FORMAT_VERSION, PERMITTED_INTRINSICS } from '#codebase'
import { ENGINE_SHA256, GUEST_FOLDER, readGuestModule } from './engine.ts'

/** Raised when generated code changes in a way that a guest, its fuel or its errors can show. */
const GENERATOR_VERSION = 4

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
    JSON.stringify([ENGINE_SHA256, FORMAT_VERSION, GENERATOR_VERSION, PERMITTED_INTRINSICS, denied]),
  )
  for (const name of readdirSync(GUEST_FOLDER).sort()) digest.update(`\0${name}\0${readGuestModule(name)}`)
  return digest.digest('hex')
}
