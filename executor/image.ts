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

/** A sandbox at rest as what differs from its image: kept, copied, sent elsewhere, restored any number of times. */
export interface Parked {
  /** Bytes of memory, so that it grows later as it would have. */
  readonly memoryBytes: number
  /** Where the heap ends. */
  readonly heapTop: number
  /** Pairs: address of a run of words that differ, and the number of these. */
  readonly runs: Uint32Array<ArrayBuffer>
  /** The words of all runs. */
  readonly words: Uint32Array<ArrayBuffer>
}

/** Bytes that are compared at once, natively; then words, one by one, where they differ. */
const PAGE_BYTES = 4096
/** Equal words between two runs that are kept as part of one: as much as another run takes. */
const GAP_WORDS = 2

/** What an instance in which nothing is running differs by from `image`. */
export function takeParked({ memory, heapBase }: EngineInstance, image: Image): Parked {
  const top = heapTop(memory)
  const runs: number[] = []
  const words: number[] = []
  const compare = (start: number, end: number, before: Uint8Array): void => {
    for (let at = start; at < end; at += PAGE_BYTES) {
      const to = Math.min(at + PAGE_BYTES, end)
      const was = before.subarray(at - start, to - start)
      if (Buffer.compare(new Uint8Array(memory.buffer, at, to - at), was) !== 0)
        comparePage({ at, words: new Uint32Array(memory.buffer, at, (to - at) >> 2), was }, { runs, words })
    }
  }
  compare(0, image.data.length, image.data)
  compare(heapBase, top, image.heap)
  return {
    memoryBytes: memory.buffer.byteLength,
    heapTop: top,
    runs: Uint32Array.from(runs),
    words: Uint32Array.from(words),
  }
}

/** Adds the runs of one page; where `was` ends, memory was 0. */
function comparePage(
  page: { readonly at: number; readonly words: Uint32Array; readonly was: Uint8Array },
  { runs, words }: { readonly runs: number[]; readonly words: number[] },
): void {
  const old = new Uint32Array(page.words.length)
  new Uint8Array(old.buffer).set(page.was)
  let end = Number.NEGATIVE_INFINITY
  for (let index = 0; index < page.words.length; index++) {
    if (page.words[index] === old[index]) continue
    if (index > end + GAP_WORDS) {
      runs.push(page.at + 4 * index, 0)
      end = index
    }
    for (; end <= index; end++) {
      words.push(page.words[end] as number)
      runs[runs.length - 1] = (runs.at(-1) as number) + 1
    }
  }
}

/** Makes every byte of the instance that of the parked sandbox; `image` is the one that it was compared with. */
export function restoreParked(instance: EngineInstance, image: Image, parked: Parked): void {
  restoreImage(instance, image)
  const { memory, heapBase } = instance
  const missing = parked.memoryBytes - memory.buffer.byteLength
  if (missing > 0) memory.grow(missing / 65536)
  const all = new Uint32Array(memory.buffer)
  new Uint8Array(memory.buffer).fill(
    0,
    parked.heapTop,
    Math.max(parked.heapTop, heapBase + image.heap.length),
  )
  let from = 0
  for (let index = 0; index < parked.runs.length; index += 2) {
    const length = parked.runs[index + 1] as number
    all.set(parked.words.subarray(from, from + length), (parked.runs[index] as number) >> 2)
    from += length
  }
}
