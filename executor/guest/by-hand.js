// Computations that a program runs by hand, with next(): one operation after the other.

import { ForkStep, setRunner } from './computations.js'
import { Machine } from './machine.js'
import { stillWaiting } from './waiting.js'

/** Runs a computation as a generator that yields the operations which no handler of its own answers. */
function* runByHand(computation) {
  const machine = new Machine(computation)
  let waiting = []
  let step = machine.start()
  while (step) {
    if (ForkStep.read(step)) {
      const error = new Error('Cannot resume twice: the computation is run by hand, with next()')
      step = machine.goOn({ error })
      continue
    }
    waiting = stillWaiting(waiting, machine.takeAsked(), machine.takeCancelled())
    const next = waiting.shift()
    let answer
    try {
      answer = yield next.operation
    } catch (error) {
      step = machine.fail(next.number, error)
      continue
    }
    step = machine.answer(next.number, answer)
  }
  return machine.result
}

/** Makes next() of computations work. */
export function installRunner() {
  setRunner(runByHand)
}
