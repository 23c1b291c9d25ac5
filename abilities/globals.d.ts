// The globals that every host has and the language of TypeScript's `lib` leaves out; what else
// there is in a browser or in Node is not there for a definition.

/** A trace: lines for whoever runs the function, part of no result. */
declare const console: {
  log(...values: unknown[]): void
  debug(...values: unknown[]): void
  info(...values: unknown[]): void
  warn(...values: unknown[]): void
  error(...values: unknown[]): void
}

/** UTF-8. */
declare const TextEncoder: { new (): TextEncoder; prototype: TextEncoder }
interface TextEncoder {
  readonly encoding: string
  encode(text?: string): Uint8Array<ArrayBuffer>
  encodeInto(text: string, bytes: Uint8Array): { read: number; written: number }
}

/** UTF-8. */
declare const TextDecoder: {
  new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder
  prototype: TextDecoder
}
interface TextDecoder {
  readonly encoding: string
  readonly fatal: boolean
  readonly ignoreBOM: boolean
  decode(bytes?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string
}

/** Text of which each character is one byte, from base64. */
declare function atob(base64: string): string
/** Base64 of text of which each character is one byte. */
declare function btoa(text: string): string
declare function structuredClone<T>(value: T): T
