// Computations: what `yield*` takes. A computation is a generator, an operation, a handled computation,
// a resumption, a step of a fork or an `all`; the machine (machine.js) runs them.

const GeneratorPrototype = Object.getPrototypeOf(function* () {}).prototype

/** Makes the generator that runs a computation by hand. */
let runner
export function setRunner(run) {
  runner = run
}
/** These generators, by the computations that they run: few are run by hand, so that the others pay nothing for it. */
const runs = new WeakMap()
function runOf(computation) {
  let steps = runs.get(computation)
  if (steps === undefined) runs.set(computation, (steps = runner(computation)))
  return steps
}

/** What may be run: `yield*` hands it to whoever runs the generator, `next()` runs it by hand. */
export class Computation {
  *[Symbol.iterator]() {
    return yield this
  }
  next(answer) {
    return runOf(this).next(answer)
  }
  throw(error) {
    return runOf(this).throw(error)
  }
  return(value) {
    return runOf(this).return(value)
  }
}

/** One request: an ability's operation with its arguments. Only an ability makes one. */
export class Operation extends Computation {
  #parts
  /** `parts`: `{ ability, name, text, arguments }`; the text is JSON of the ability's reference and the name. */
  constructor(parts) {
    super()
    this.#parts = parts
  }
  /** The parts of `value` when it is an operation. */
  static read(value) {
    return #parts in value ? value.#parts : undefined
  }
}

/** `computation` under a handler. */
export class Handled extends Computation {
  #handler
  #computation
  constructor(handler, computation) {
    super()
    this.#handler = handler
    this.#computation = computation
  }
  static read(value) {
    return #handler in value ? { handler: value.#handler, computation: value.#computation } : undefined
  }
}

/** The rest of a computation after one of its operations, about to go on with `answer`. */
export class Resumption extends Computation {
  #continuation
  #answer
  constructor(continuation, answer) {
    super()
    this.#continuation = continuation
    this.#answer = answer
  }
  static read(value) {
    return #continuation in value ? { continuation: value.#continuation, answer: value.#answer } : undefined
  }
}

/** What only the host can do: begin a fork of the continuation with a number, or go on with one. */
export class ForkStep extends Computation {
  #step
  constructor(step) {
    super()
    this.#step = step
  }
  static read(value) {
    return #step in value ? value.#step : undefined
  }
}

/** Several computations, one after the other; their results in order. */
export class All extends Computation {
  #computations
  constructor(computations) {
    super()
    this.#computations = computations
  }
  static read(value) {
    return #computations in value ? value.#computations : undefined
  }
}

const abilities = new WeakMap()

/** The object whose methods make operations of the ability that `reference` names. */
export function makeAbility(reference, name, operations) {
  const ability = Object.create(null)
  for (const operation of operations) {
    const text = `${JSON.stringify(reference)},${JSON.stringify(operation)}`
    ability[operation] = (...args) => new Operation({ ability, name: operation, text, arguments: args })
  }
  abilities.set(ability, { reference, name, operations })
  return Object.freeze(ability)
}

/** The reference, name and operations of an ability; undefined for anything else. */
export function readAbility(value) {
  return abilities.get(value)
}

/** `handle(ability, clauses)(computation)`: the computation with its operations of `ability` answered by `clauses`. */
export function handle(ability, clauses) {
  const declared = abilities.get(ability)
  if (!declared) throw new TypeError('Cannot handle: the first argument is not an ability')
  for (const operation of declared.operations) {
    if (typeof clauses?.[operation] !== 'function') {
      throw new TypeError(`Cannot handle ${declared.name}: there is no clause for ${operation}`)
    }
  }
  return (computation) => {
    if (typeof computation === 'function') {
      throw new TypeError(`Cannot handle ${declared.name}: got a function, expected what calling it returns`)
    }
    return new Handled({ ability, clauses }, computation)
  }
}

/** The results of all `computations`, which run in order. */
export function all(computations) {
  return new All([...computations])
}

/** True for what a machine runs rather than hands on as a value. */
export function isComputation(value) {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value instanceof Computation || Object.prototype.isPrototypeOf.call(GeneratorPrototype, value))
  )
}

/** The ability, name and arguments of an operation that a machine returned. */
export const readOperation = (operation) => Operation.read(operation)

/** What a machine wants of the host besides operations; undefined for an operation. */
export const readForkStep = (operation) => ForkStep.read(operation)
