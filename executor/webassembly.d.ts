// The part of the WebAssembly JavaScript interface that the engine is loaded with. TypeScript has
// these types only in its library for browsers, whose other globals do not exist here.

declare namespace WebAssembly {
  interface MemoryDescriptor {
    /** Pages of 64 KiB. */
    initial: number
    maximum?: number
  }
  class Memory {
    constructor(descriptor: MemoryDescriptor)
    readonly buffer: ArrayBuffer
    /** Pages before growing. @throws RangeError past the maximum */
    grow(pages: number): number
  }
  class Module {
    constructor(bytes: Uint8Array)
  }
  type ImportValue = Memory | ((...args: never[]) => unknown)
  type Exports = Readonly<Record<string, (...args: number[]) => number>>
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, ImportValue>>)
    readonly exports: Exports
  }
  class RuntimeError extends Error {}
}
