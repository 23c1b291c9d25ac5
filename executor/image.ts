// Images: the whole state of a sandbox at rest as a copy of its memory, put back before every
// call. Memory is data | unused C stack | heap; at rest the stack is empty, so that data and heap
// are everything. Any instance can take any image, for addresses are the same in all of them.

import { type EngineInstance, LAYOUT, type Pointer } from './engine.ts'

/** Handles that live in an image's memory. */
export interface ImageRoots {
  readonly runtime: Pointer
  readonly context: Pointer
  readonly entries: Readonly<Record<string, Pointer>>
}

export interface Image {
  readonly roots: ImageRoots
  readonly data: Uint8Array
  readonly heap: Uint8Array
}

/** Bytes that an image keeps. */
export function imageBytes(image: Image): number {
  return image.data.length + image.heap.length
}

/** C stack that a call can have dirtied: the guest's own bound and what the engine uses beyond it. */
const DIRTY_STACK_BYTES = 384 * 1024

const heapTop = (memory: WebAssembly.Memory): number =>
  new DataView(memory.buffer).getUint32(LAYOUT.heapTopAddress, true)

/** Copies the state of an instance in which nothing is running. */
export function takeImage(instance: EngineInstance, roots: ImageRoots): Image {
  const { memory, heapBase } = instance
  const bytes = new Uint8Array(memory.buffer)
  return Object.freeze({
    roots,
    data: bytes.slice(0, heapBase - LAYOUT.cStackBytes),
    heap: bytes.slice(heapBase, heapTop(memory)),
  })
}

/** Makes every byte of the instance that of the image, growing its memory to what the image needs. */
export function restoreImage(instance: EngineInstance, image: Image): void {
  const { memory, heapBase, functions } = instance
  const dirtyTop = heapTop(memory)
  const missing = heapBase + image.heap.length - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / 65536))
  const bytes = new Uint8Array(memory.buffer)
  bytes.set(image.data, 0)
  bytes.fill(0, heapBase - DIRTY_STACK_BYTES, heapBase)
  bytes.set(image.heap, heapBase)
  bytes.fill(0, heapBase + image.heap.length, Math.max(dirtyTop, heapBase + image.heap.length))
  functions.restoreStack(heapBase)
}
