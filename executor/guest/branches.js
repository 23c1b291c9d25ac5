// The stacks of a machine: one of its own, and one for each computation of an `all`.

/** Frames of a stack besides the generators themselves. */
export class HandlerFrame {
  constructor({ ability, clauses }) {
    this.ability = ability
    this.clauses = clauses
  }
}
/** Stands on top of the branch `home`, undefined while a continuation holds it. */
export class AllFrame {
  constructor(computations) {
    this.results = computations.map(() => undefined)
    this.branches = computations.map((computation, index) => new Branch(computation, this, index))
    this.left = computations.length
    this.home = undefined
  }
}

/** A stack, of a whole machine or of one computation of an `all`. */
export class Branch {
  frames = []
  /** Where each ability's handler frames stand, innermost last. */
  #handlers = new Map()
  /** How many there are. */
  #handled = 0
  /** What it waits for: the number of an operation, or undefined. */
  waitsFor = undefined
  /** What it will go on with. */
  completion = undefined

  constructor(computation, owner, index) {
    /** Not begun yet. */
    this.computation = computation
    this.owner = owner
    this.index = index
  }

  push(frame) {
    if (frame instanceof HandlerFrame) {
      this.#handled++
      const places = this.#handlers.get(frame.ability)
      if (places) places.push(this.frames.length)
      else this.#handlers.set(frame.ability, [this.frames.length])
    }
    if (frame instanceof AllFrame) frame.home = this
    this.frames.push(frame)
  }

  pop() {
    const frame = this.frames.pop()
    if (frame instanceof HandlerFrame) {
      this.#handled--
      this.#handlers.get(frame.ability).pop()
    }
    if (frame instanceof AllFrame) frame.home = undefined
    return frame
  }

  /** Takes the frames from `at` to the top. */
  take(at) {
    const frames = []
    while (this.frames.length > at) frames.push(this.pop())
    return frames.reverse()
  }

  handlerOf(ability) {
    return this.#handled === 0 ? undefined : this.#handlers.get(ability)?.at(-1)
  }
}

/** The first branch of an `all`, or of one within it, that has not begun or has its answer. */
export function readyBranch({ branches }) {
  for (const branch of branches) {
    if (branch === undefined) continue
    if (branch.computation !== undefined || branch.completion !== undefined) return branch
    const top = branch.frames.at(-1)
    const inner = top instanceof AllFrame ? readyBranch(top) : undefined
    if (inner) return inner
  }
  return undefined
}
