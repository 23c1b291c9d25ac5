// The machine that runs computations, on stacks of its own, so that neither long loops of handled
// operations nor deep resumptions use the engine's. Handlers are deep. Computations of one `all` are
// branches: when each of them waits, all of their operations are under way. The first resumption of a
// computation goes on with it; for every further one the host makes a copy of it (forks.js).

import { AllFrame, Branch, HandlerFrame, readyBranch } from './branches.js'
import { All, Computation, ForkStep, Handled, isComputation, Operation, Resumption } from './computations.js'
import { isFork, isStopAt, runFork } from './forks.js'

/** Whatever properties a program gives a generator, these are what the engine does. */
const { next, throw: throwError } = Object.getPrototypeOf(function* () {}).prototype
const resume = Function.prototype.call.bind(next)
const throwInto = Function.prototype.call.bind(throwError)

const completed = (value) => ({ isError: false, value })
const failed = (value) => ({ isError: true, value })

/** What was thrown into generators that yielded something else than an operation. */
const misuses = new WeakSet()

/** Whether the engine only says that what `yield*` iterates, an array perhaps, cannot be thrown into. */
const hidesMisuse = (error, thrown) =>
  thrown !== null &&
  typeof thrown === 'object' &&
  misuses.has(thrown) &&
  error instanceof TypeError &&
  error.message === NO_THROW
const NO_THROW = 'iterator does not have a throw method'

const NONE = Object.freeze([])
/** What #advance() comes to when every branch waits. */
const BLOCKED = new Computation()
/** What it comes to at the continuation at which the run stops. */
const STOP = new Computation()
export const isStop = (step) => step === STOP

/** Continuations so far: their numbers are the same in every run that was told the same. */
let continuations = 0
let stopped

/** The machine of a fork: the continuation at which the run stopped, about to go on. */
export function machineOfFork(encode) {
  const machine = new Machine(undefined, encode)
  machine.continueWith(stopped)
  return machine
}

/**
 * Runs one computation. start(), answer() and goOn() return undefined when `result` is there, a step
 * of a fork that goOn() answers, or something else when it waits for operations; they throw what was
 * not caught. Operations get numbers, in the order that they are asked for.
 */
export class Machine {
  #root
  #encode
  #current
  /** Branches by the number of the operation that they wait for. */
  #waiting = new Map()
  #operations = 0
  #asked = []
  #cancelled = []
  result = undefined

  /** `encode` makes the text of an operation that is asked for; what it throws, the program gets instead of an answer. */
  constructor(computation, encode) {
    this.#encode = encode
    this.#root = new Branch(computation)
    this.#current = this.#root
  }

  start() {
    return this.#advance(this.#begin(this.#root))
  }

  /** Makes a continuation all that it runs; goOn() goes on with it. */
  continueWith(continuation) {
    this.#reinstate(continuation)
  }

  /** Goes on where a step of a fork was asked for, or with a continuation. */
  goOn({ value, error }) {
    return this.#advance(error ? failed(error) : completed(value))
  }

  answer(number, value) {
    return this.#tell(number, completed(value))
  }

  fail(number, error) {
    return this.#tell(number, failed(error))
  }

  /** The operations that were asked for since the last call: `{ number, operation, text }`. */
  takeAsked() {
    const asked = this.#asked
    this.#asked = []
    return asked
  }

  /** Numbers of operations whose answers nobody waits for any more, since the last call. */
  takeCancelled() {
    return this.#cancelled.length === 0 ? NONE : this.#cancelled.splice(0)
  }

  #tell(number, completion) {
    const branch = this.#waiting.get(number)
    if (branch === undefined) return BLOCKED // nobody waits for it any more
    this.#waiting.delete(number)
    branch.waitsFor = undefined
    branch.completion = completion
    if (!this.#isAttached(branch)) return BLOCKED
    return this.#advance(this.#goTo(branch))
  }

  /** Whether no continuation holds it. */
  #isAttached(branch) {
    for (let at = branch; at !== this.#root; at = at.owner.home) {
      if (at.owner.home === undefined) return false
    }
    return true
  }

  /** Makes a branch that can go on the current one: what it goes on with. */
  #goTo(branch) {
    this.#current = branch
    const { completion } = branch
    if (completion === undefined) return this.#begin(branch)
    branch.completion = undefined
    return completion
  }

  #begin(branch) {
    const { computation } = branch
    branch.computation = undefined
    return this.#enter(computation)
  }

  #advance(completion) {
    for (;;) {
      const { frames } = this.#current
      const frame = frames[frames.length - 1]
      if (frame === undefined) {
        if (this.#current !== this.#root) {
          completion = this.#leaveBranch(this.#current, completion)
        } else {
          if (completion.isError) throw completion.value
          this.result = completion.value
          return undefined
        }
      } else if (frame instanceof HandlerFrame) {
        completion = this.#leaveHandler(frame, completion)
      } else if (frame instanceof AllFrame) {
        completion = this.#startBranches(frame)
      } else {
        completion = this.#step(frame, completion)
      }
      if (completion instanceof Computation) {
        if (completion !== BLOCKED) return completion
        const next = this.#nextBranch()
        if (next === undefined) return BLOCKED
        completion = this.#goTo(next)
      }
    }
  }

  /** Steps the generator on top: what it completed with, or why it does not go on. */
  #step(generator, { isError, value }) {
    let step
    try {
      step = isError ? throwInto(generator, value) : resume(generator, value)
    } catch (error) {
      this.#current.pop()
      return failed(isError && hidesMisuse(error, value) ? value : error)
    }
    if (step.done) {
      this.#current.pop()
      return completed(step.value)
    }
    if (step.value instanceof Computation) {
      const operation = Operation.read(step.value)
      if (operation) return this.#perform(step.value, operation)
      if (ForkStep.read(step.value)) return step.value
    } else if (!isComputation(step.value)) {
      const misuse = new TypeError(
        `Cannot perform: got a ${typeof step.value} from a yield, expected an operation (yield* Ability.operation(…))`,
      )
      misuses.add(misuse)
      return failed(misuse)
    }
    return this.#enter(step.value)
  }

  /** Has the innermost handler answer an operation, else whoever runs this machine. */
  #perform(asked, { ability, name, arguments: args }) {
    let branch = this.#current
    let at = branch.handlerOf(ability)
    while (at === undefined && branch !== this.#root) {
      branch = branch.owner.home
      at = branch.handlerOf(ability)
    }
    if (at === undefined) return this.#ask(asked)
    const { clauses } = branch.frames[at]
    const leaf = this.#current
    const continuation = { number: continuations++, isUsed: false, frames: branch.take(at) }
    continuation.leaf = leaf === branch ? undefined : leaf
    this.#current = branch
    if (isStopAt(continuation.number)) {
      stopped = continuation
      return STOP
    }
    const goOn = (answer) => new Resumption(continuation, answer)
    return this.#enterResult(() => clauses[name](goOn, ...args))
  }

  #ask(operation) {
    let text
    try {
      text = this.#encode?.(operation)
    } catch (error) {
      return failed(error)
    }
    const number = this.#operations++
    this.#current.waitsFor = number
    this.#waiting.set(number, this.#current)
    this.#asked.push({ number, operation, text })
    return BLOCKED
  }

  /** A branch that can go on although the current one waits; those of the innermost `all` first. */
  #nextBranch() {
    for (let at = this.#current; at !== this.#root; at = at.owner.home) {
      const next = readyBranch(at.owner)
      if (next) return next
    }
    return undefined
  }

  #leaveHandler(frame, completion) {
    this.#current.pop()
    const { clauses } = frame
    if (completion.isError || typeof clauses.return !== 'function') return completion
    return this.#enterResult(() => clauses.return(completion.value))
  }

  /** Begins an `all` that was just put on the stack. */
  #startBranches(frame) {
    if (frame.left > 0) return this.#goTo(frame.branches[0])
    this.#current.pop()
    return completed(frame.results)
  }

  /** Ends a branch: the `all` ends with the last of them, or with the first that fails. */
  #leaveBranch({ owner, index }, completion) {
    owner.results[index] = completion.value
    owner.branches[index] = undefined
    owner.left--
    this.#current = owner.home
    if (!completion.isError && owner.left > 0) {
      const next = readyBranch(owner)
      if (next) return this.#goTo(next)
      this.#current = owner.branches.find((branch) => branch !== undefined)
      return BLOCKED
    }
    this.#current.pop()
    if (!completion.isError) return completed(owner.results)
    this.#abandon(owner)
    return completion
  }

  /** Forgets what the branches of an `all` that failed wait for. */
  #abandon({ branches }) {
    for (const branch of branches) {
      if (branch === undefined) continue
      const { waitsFor, frames } = branch
      if (waitsFor !== undefined && this.#waiting.delete(waitsFor)) this.#cancelled.push(waitsFor)
      if (frames.at(-1) instanceof AllFrame) this.#abandon(frames.at(-1))
    }
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
      this.#current.push(computation)
      return completed(undefined)
    }
    const handled = Handled.read(computation)
    if (handled) {
      this.#current.push(new HandlerFrame(handled.handler))
      return this.#enter(handled.computation)
    }
    const resumption = Resumption.read(computation)
    if (resumption) return this.#resume(resumption)
    const computations = All.read(computation)
    this.#current.push(computations ? new AllFrame(computations) : computation[Symbol.iterator]())
    return completed(undefined)
  }

  #resume({ continuation, answer }) {
    if (continuation.isUsed) {
      if (continuation.isSingle) return failed(new Error(continuation.isSingle))
      this.#current.push(runFork(continuation.number, answer))
      return completed(undefined)
    }
    continuation.isUsed = true
    continuation.isSingle = reasonForSingle(continuation)
    this.#reinstate(continuation)
    continuation.frames = undefined
    return completed(answer)
  }

  #reinstate({ frames, leaf }) {
    for (const frame of frames) this.#current.push(frame)
    if (leaf) this.#current = leaf
  }
}

/** Why a computation can't be resumed again; undefined when it can. */
function reasonForSingle({ frames }) {
  if (frames.some(isFork)) return 'Cannot resume twice: the computation waits for one that was resumed twice'
  if (frames.some((frame) => frame instanceof AllFrame))
    return 'Cannot resume twice: the computation is within all(), whose other operations are under way'
  return undefined
}
