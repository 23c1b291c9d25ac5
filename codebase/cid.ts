// A hash as the rest of the world spells it: a CID (v1, dag-cbor, sha2-256), as
// every IPFS tool understands it.

import { digestOfHash, type Hash } from './hash.ts'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
/** CIDv1, dag-cbor (0x71), sha2-256 (0x12), 32 bytes. */
const PREFIX = [0x01, 0x71, 0x12, 0x20]

/** The CID of the object that `hash` names, in multibase base32 (`bafyrei…`). */
export function cidOf(hash: Hash): string {
  let text = 'b'
  let bits = 0
  let value = 0
  for (const byte of [...PREFIX, ...digestOfHash(hash)]) {
    value = ((value << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(value >>> bits) & 31]
    }
  }
  return bits === 0 ? text : text + ALPHABET[(value << (5 - bits)) & 31]
}
