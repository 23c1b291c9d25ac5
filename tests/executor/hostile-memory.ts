// A thread with the stack that workers have: makes every hostile call in one sandbox after another,
// and compares the memory that the next call gets with that of a sandbox in which nothing ever ran.

import { parentPort } from 'node:worker_threads'
import type { Image } from '../../executor/image.ts'
import { boundsFor, HOSTILE, wordOf } from './hostile-programs.ts'
import { load, makeSandbox } from './sandboxes.ts'

const CANARY = 'kanarienvogel-9f3b'

export interface MemoryReport {
  readonly what: string
  readonly word: string
  /** Whether the call's own text stood in memory when it had ended. */
  readonly wasThere: boolean
  /** Whether the pool would use the sandbox again, and then: the first byte that is not an untouched sandbox's. */
  readonly isReusable: boolean
  readonly differsAt: number | undefined
}

/** The memory of a sandbox that was restored to the image and never used. */
const untouched = (image: Image): Buffer => {
  const sandbox = makeSandbox()
  sandbox.restore(image)
  return Buffer.from(sandbox.memory)
}

function firstDifference(a: Buffer, b: Buffer): number | undefined {
  if (a.equals(b)) return undefined
  return a.findIndex((byte, index) => byte !== b[index])
}

const reports = HOSTILE.map(([what, main, expected]): MemoryReport => {
  const source = `const kept = []
    define('main', () => {
      const text = ['kanarien', 'vogel-9f3b'].join('')
      kept.push(text, { text }, () => text)
      return (${main})()
    })`
  const bounds = boundsFor(expected, 1_000_000)
  const { sandbox, image } = load(source, { ...bounds, fuel: 50_000_000 })
  sandbox.restore(image)
  const word = wordOf(sandbox.call('start', ['main', '[]'], bounds))
  const wasThere = Buffer.from(sandbox.memory).includes(CANARY)
  const { isReusable } = sandbox
  if (isReusable) sandbox.restore(image)
  const differsAt = isReusable ? firstDifference(Buffer.from(sandbox.memory), untouched(image)) : undefined
  return { what, word, wasThere, isReusable, differsAt }
})

parentPort?.postMessage(reports)
