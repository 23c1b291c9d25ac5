// Random values from bytes.

/** A number in [0, 1) from the first 53 bits of 8 bytes; every multiple of 2^-53 is as likely as any other. */
export function fraction(bytes: Uint8Array): number {
  const bits = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
  return Number(bits >> 11n) / 2 ** 53
}

/** A UUID of version 4 from 16 bytes (RFC 9562 §5.4). */
export function uuidOf(bytes: Uint8Array): string {
  const marked = Uint8Array.from(bytes)
  marked[6] = ((marked[6] ?? 0) & 0x0f) | 0x40
  marked[8] = ((marked[8] ?? 0) & 0x3f) | 0x80
  const hex = Buffer.from(marked).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
