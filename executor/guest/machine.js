// The machine that runs computations. It keeps its own stack of frames, so that neither long loops of
// handled operations nor deep resumptions use the engine's. Handlers are deep. The first resumption of
// a computation goes on with it; for every further one the host makes a copy of it as it was at the
// operation, in a sandbox of its own (a fork).

import {
  All,
  Computation,
  ForkStep,
  Handled,
  isComputation,
  Operation,
  Resumption,
  setRunner,
} from './computations.js'

const { next: generatorNext, throw: generatorThrow } = Object.getPrototypeOf(function* () {}).prototype

/** Frames of a machine's stack besides the generators themselves. */
class HandlerFrame {
  constructor({ ability, clauses }) {
    this.ability = ability
    this.clauses = clauses
  }
}
class AllFrame {
  results = []
  constructor(computations) {
    this.computations = computations
  }
}

/** Generators of runFork(). */
const forks = new WeakSet()

setRunner(run)

/** Runs a computation as a generator that yields the operations which no handler of its own answers. */
function* run(computation) {
  const machine = new Machine(computation)
  let operation = machine.start()
  while (operation) {
    if (ForkStep.read(operation)) {
      operation = machine.fail(new Error('Cannot resume twice: the computation is run by hand, with next()'))
      continue
    }
    let answer
    try {
      answer = yield operation
    } catch (error) {
      operation = machine.fail(error)
      continue
    }
    operation = machine.answer(answer)
  }
  return machine.result
}

/** Continuations so far: their numbers are the same in every run that has had the same answers. */
let continuations = 0
/** The continuation at which a run that a fork is made of stops, and its frames once it has. */
let stopAt = -1
let stoppedFrames

/** Makes the run stop where it captures the continuation with this number. */
export function stopAtContinuation(number) {
  stopAt = number
}

/** The machine of a fork: the continuation at which the run stopped, about to go on. */
export function machineOfFork() {
  const machine = new Machine()
  machine.continueWith(stoppedFrames)
  return machine
}

/** True for the operation of a run that has come to the continuation at which it stops. */
export const isStop = (operation) => operation === STOP
const STOP = new Computation()

/** A second resumption: the fork goes on in another sandbox, and its operations are performed here. */
function* runFork({ number, answer }) {
  let step = yield new ForkStep({ continuation: number, answer })
  for (;;) {
    if (step.error) throw step.error
    if (!step.operation) return step.value
    const { fork, operation } = step
    let reply
    try {
      reply = { answer: yield* operation }
    } catch (error) {
      reply = { error }
    }
    step = yield new ForkStep({ fork, ...reply })
  }
}

const completed = (value) => ({ isError: false, value })
const failed = (value) => ({ isError: true, value })

/**
 * Runs one computation up to the next operation that it can't answer itself. `start`, `answer` and
 * `fail` return that operation, or undefined when `result` is there, or throw what was not caught.
 */
export class Machine {
  #stack = []
  /** Where each ability's handler frames stand in the stack, innermost last. */
  #handlers = new Map()
  #computation
  result = undefined

  constructor(computation) {
    this.#computation = computation
  }

  start() {
    return this.#advance(this.#enter(this.#computation))
  }
  /** Makes `frames` all that it runs; answer() goes on with them. */
  continueWith(frames) {
    for (const frame of frames) this.#push(frame)
  }
  answer(value) {
    return this.#advance(completed(value))
  }
  fail(error) {
    return this.#advance(failed(error))
  }

  #advance(completion) {
    for (;;) {
      const frame = this.#stack.at(-1)
      if (frame === undefined) {
        if (completion.isError) throw completion.value
        this.result = completion.value
        return undefined
      }
      if (frame instanceof HandlerFrame) {
        completion = this.#leaveHandler(frame, completion)
      } else if (frame instanceof AllFrame) {
        completion = this.#continueAll(frame, completion)
      } else {
        const asked = this.#step(frame, completion)
        if (asked.operation) return asked.operation
        completion = asked
      }
    }
  }

  /** Steps the generator on top: what it completed with, or an operation for whoever runs this machine. */
  #step(generator, { isError, value }) {
    let step
    try {
      step = (isError ? generatorThrow : generatorNext).call(generator, value)
    } catch (error) {
      this.#pop()
      return failed(error)
    }
    if (step.done) {
      this.#pop()
      return completed(step.value)
    }
    if (!isComputation(step.value)) {
      return failed(
        new TypeError(
          `Cannot perform: got a ${typeof step.value} from a yield, expected an operation (yield* Ability.operation(…))`,
        ),
      )
    }
    if (step.value instanceof Computation) {
      const operation = Operation.read(step.value)
      if (operation) return this.#perform(step.value, operation)
      if (ForkStep.read(step.value)) return { operation: step.value }
    }
    return this.#enter(step.value)
  }

  #perform(asked, { ability, name, arguments: args }) {
    const at = this.#handlers.get(ability)?.at(-1)
    if (at === undefined) return { operation: asked }
    const { clauses } = this.#stack[at]
    const continuation = { number: continuations++, frames: this.#take(at), isUsed: false }
    if (continuation.number === stopAt) {
      stoppedFrames = continuation.frames
      return { operation: STOP }
    }
    const resume = (answer) => new Resumption(continuation, answer)
    return this.#enterResult(() => clauses[name](resume, ...args))
  }

  #leaveHandler(frame, completion) {
    this.#pop()
    const { clauses } = frame
    if (completion.isError || typeof clauses.return !== 'function') return completion
    return this.#enterResult(() => clauses.return(completion.value))
  }

  #continueAll(frame, completion) {
    if (!completion.isError) frame.results.push(completion.value)
    if (!completion.isError && frame.results.length < frame.computations.length) {
      return this.#enter(frame.computations[frame.results.length])
    }
    this.#pop()
    return completion.isError ? completion : completed(frame.results)
  }

  /** Calls a clause; when it gives a computation, that one is next, in the place of the clause. */
  #enterResult(call) {
    try {
      return this.#enter(call())
    } catch (error) {
      return failed(error)
    }
  }

  /** Puts a computation on the stack: what the frame on top completes or starts with. */
  #enter(computation) {
    if (!isComputation(computation)) return completed(computation)
    if (!(computation instanceof Computation)) {
      this.#push(computation)
      return completed(undefined)
    }
    const handled = Handled.read(computation)
    if (handled) {
      this.#push(new HandlerFrame(handled.handler))
      return this.#enter(handled.computation)
    }
    const resumption = Resumption.read(computation)
    if (resumption) return this.#resume(resumption)
    const computations = All.read(computation)
    if (computations) {
      this.#push(new AllFrame(computations))
      return computations.length === 0 ? this.#continueEmptyAll() : this.#enter(computations[0])
    }
    this.#push(computation[Symbol.iterator]()) // an operation by itself
    return completed(undefined)
  }

  #continueEmptyAll() {
    return completed(this.#pop().results)
  }

  #resume({ continuation, answer }) {
    const { number, frames, isUsed } = continuation
    if (isUsed && continuation.holdsFork) {
      return failed(
        new Error('Cannot resume twice: the computation itself waits for one that was resumed twice'),
      )
    }
    if (isUsed) {
      const fork = runFork({ number, answer })
      forks.add(fork)
      this.#push(fork)
      return completed(undefined)
    }
    continuation.isUsed = true
    continuation.holdsFork = frames.some((frame) => forks.has(frame))
    continuation.frames = undefined
    for (const frame of frames) this.#push(frame)
    return completed(answer)
  }

  #push(frame) {
    if (frame instanceof HandlerFrame) {
      const places = this.#handlers.get(frame.ability)
      if (places) places.push(this.#stack.length)
      else this.#handlers.set(frame.ability, [this.#stack.length])
    }
    this.#stack.push(frame)
  }

  #pop() {
    const frame = this.#stack.pop()
    if (frame instanceof HandlerFrame) this.#handlers.get(frame.ability).pop()
    return frame
  }

  /** Takes the frames from `at` to the top off the stack. */
  #take(at) {
    const frames = []
    while (this.#stack.length > at) frames.push(this.#pop())
    return frames.reverse()
  }
}
