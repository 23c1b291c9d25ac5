// Base64 (RFC 4648 §4), which the engine lacks: between bytes or binary strings and text.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const DIGIT = new Int8Array(128).fill(-1)
for (let index = 0; index < 64; index++) DIGIT[ALPHABET.charCodeAt(index)] = index

/** Base64 of `length` bytes, each given by `byteAt`. */
export function encodeBase64(length, byteAt) {
  const parts = []
  for (let at = 0; at < length; at += 3) {
    const a = byteAt(at)
    const b = at + 1 < length ? byteAt(at + 1) : 0
    const c = at + 2 < length ? byteAt(at + 2) : 0
    parts.push(
      ALPHABET[a >> 2] +
        ALPHABET[((a & 3) << 4) | (b >> 4)] +
        (at + 1 < length ? ALPHABET[((b & 15) << 2) | (c >> 6)] : '=') +
        (at + 2 < length ? ALPHABET[c & 63] : '='),
    )
  }
  return parts.join('')
}

/** The bytes that base64 `text` spells (padding optional); undefined when it is malformed. */
export function decodeBase64(text) {
  const end =
    text.length % 4 === 0 ? text.length - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0) : text.length
  if (end % 4 === 1) return undefined
  const bytes = new Uint8Array(Math.floor((end * 3) / 4))
  let bits = 0
  let value = 0
  let written = 0
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at)
    const digit = code < 128 ? DIGIT[code] : -1
    if (digit < 0) return undefined
    value = ((value << 6) | digit) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[written++] = (value >> bits) & 255
    }
  }
  return bytes
}
