// A parked run as bytes: kept, or gone on with in another process or on another machine. It holds the
// memory of an engine, so it is taken only from a store of one's own, never from a peer.

import { createHash } from 'node:crypto'
import { decodePlain, encodePlain, KnownError } from '#codebase'
import { engineId } from './engine-id.ts'
import type { Image, Parked } from './image.ts'
import { PARKED_BOUNDS } from './limits.ts'

/** The bytes of a run that was parked against `image`. */
export function encodeParked({ memoryBytes, heapTop, runs, words }: Parked, image: Image): Uint8Array {
  return encodePlain([engineId(), digestOfImage(image), memoryBytes, heapTop, bytesOf(runs), bytesOf(words)])
}

/**
 * The run that encodeParked() wrote, to be gone on with from `image`, which is made anew from the same program.
 * @throws KnownError input `engine-differs`, `parked-damaged`
 */
export function decodeParked(bytes: Uint8Array, image: Image): Parked {
  const [engine, digest, memoryBytes, heapTop, runs, words] = partsOf(bytes)
  if (engine !== engineId())
    throw new KnownError(
      'input',
      'engine-differs',
      `Cannot go on: engine ${engine.slice(0, 10)} parked the run, this one is ${engineId().slice(0, 10)}`,
      { hint: 'go on with it where that version of mycel runs, or replay it' },
    )
  const parked = { memoryBytes, heapTop, runs: wordsOf(runs), words: wordsOf(words) }
  if (digest !== digestOfImage(image) || !isWithin(parked)) throw damaged()
  return parked
}

function digestOfImage({ data, heap }: Image): string {
  return createHash('sha256').update(data).update(heap).digest('hex')
}

type Parts = readonly [
  engine: string,
  image: string,
  memoryBytes: number,
  heapTop: number,
  runs: Uint8Array,
  words: Uint8Array,
]

function partsOf(bytes: Uint8Array): Parts {
  let parts: unknown
  try {
    parts = decodePlain(bytes, PARKED_BOUNDS)
  } catch {
    throw damaged()
  }
  if (!isParts(parts)) throw damaged()
  return parts
}

function isParts(parts: unknown): parts is Parts {
  if (!Array.isArray(parts) || parts.length !== 6) return false
  const [engine, image, memoryBytes, heapTop, ...blocks] = parts as readonly unknown[]
  return (
    typeof engine === 'string' &&
    typeof image === 'string' &&
    Number.isSafeInteger(memoryBytes) &&
    Number.isSafeInteger(heapTop) &&
    blocks.every((block) => block instanceof Uint8Array && block.length % 4 === 0)
  )
}

/** Whether every run of words lies in memory, in ascending order, and has its words. */
function isWithin({ memoryBytes, heapTop, runs, words }: Parked): boolean {
  let end = 0
  let count = 0
  for (let index = 0; index < runs.length; index += 2) {
    const [at, length] = [runs[index] as number, runs[index + 1] as number]
    if (at % 4 !== 0 || at < end) return false
    end = at + 4 * length
    count += length
  }
  return runs.length % 2 === 0 && count === words.length && end <= heapTop + 3 && heapTop <= memoryBytes
}

const bytesOf = (words: Uint32Array): Uint8Array =>
  new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
const wordsOf = (bytes: Uint8Array): Uint32Array<ArrayBuffer> =>
  new Uint32Array(Uint8Array.from(bytes).buffer)

function damaged(): KnownError {
  return new KnownError(
    'input',
    'parked-damaged',
    'Cannot go on: what was kept of the run is damaged, or of another program',
    {
      hint: 'replay the run from its effect log instead',
    },
  )
}
