// Forks: a computation that is resumed once more goes on as a copy in a sandbox of its own, which the
// host makes of a run that stops where it captured the continuation. What the copy asks for is
// performed here, where it was resumed.

import { ForkStep } from './computations.js'
import { stillWaiting } from './waiting.js'

let stopAt = -1

/** Makes the run stop where it captures the continuation with this number. */
export function stopAtContinuation(number) {
  stopAt = number
}

export const isStopAt = (number) => number === stopAt

const forks = new WeakSet()

/** True for the generator of a fork. */
export const isFork = (frame) => forks.has(frame)

/** A further resumption of the continuation with this number. */
export function runFork(continuation, answer) {
  const fork = follow(continuation, answer)
  forks.add(fork)
  return fork
}

/** Performs what the fork asks for, one operation after the other, until it is done. */
function* follow(continuation, answer) {
  let waiting = []
  let step = yield new ForkStep({ continuation, answer })
  while (step.asked) {
    waiting = stillWaiting(waiting, step.asked, step.cancelled)
    const next = waiting.shift()
    const { fork } = step
    const { number } = next
    let reply
    try {
      reply = { answer: yield* next.operation }
    } catch (error) {
      reply = { error }
    }
    step = yield new ForkStep({ fork, number, ...reply })
  }
  return step.value
}
