// SHA-256 (FIPS 180-4): that of the platform, which is several times faster on large objects, where there is one.

import { sha256 as portable } from '@noble/hashes/sha2.js'

type Digest = (bytes: Uint8Array) => Uint8Array

/** Absent in a browser. */
const native = globalThis.process?.getBuiltinModule?.('node:crypto')?.hash as
  | ((algorithm: string, bytes: Uint8Array, encoding: 'buffer') => Uint8Array)
  | undefined

/** The digest of `bytes`, 32 bytes. */
export const sha256: Digest = native ? (bytes) => native('sha256', bytes, 'buffer') : portable
