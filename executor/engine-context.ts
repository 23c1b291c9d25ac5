// Values of one context of the engine, by handle: made of text, looked into, called. Whatever the engine
// throws leaves as an error of ours, for the guest's runtime catches all that a guest throws.

import { type EngineInstance, type Pointer, readText, writeText } from './engine.ts'

/** An error that left the guest's runtime: a fault of ours. */
export class GuestError extends Error {
  override readonly name = 'GuestError'
}

/** Bytes of an error's description that are read. */
const ERROR_BYTES = 10_000

export class EngineContext {
  readonly #instance: EngineInstance
  readonly context: Pointer

  constructor(instance: EngineInstance, context: Pointer) {
    this.#instance = instance
    this.context = context
  }

  /** What a program comes to. @throws GuestError */
  evaluate(program: string, file: string, flags: number): Pointer {
    const { at, length } = writeText(this.#instance, program)
    return this.check(this.#instance.functions.evaluate(this.context, at, length, this.text(file), 0, flags))
  }

  /** What a function returns, or the exception that it throws (see check()); `args` are freed. */
  call(callee: Pointer, args: readonly Pointer[]): Pointer {
    const { functions, memory } = this.#instance
    const list = functions.malloc(4 * args.length + 4)
    if (list === 0) throw new WebAssembly.RuntimeError('out of memory')
    const view = new DataView(memory.buffer)
    args.forEach((value, index) => view.setUint32(list + 4 * index, value, true))
    const result = functions.call(this.context, callee, functions.getUndefined(), args.length, list)
    for (const value of args) functions.freeValue(this.context, value)
    functions.free(list)
    return result
  }

  /** The value. @throws GuestError when it is an exception */
  check(value: Pointer): Pointer {
    const { functions } = this.#instance
    const error = functions.resolveException(this.context, value)
    if (error === 0) return value
    throw new GuestError(readText(this.#instance, functions.dump(this.context, error), ERROR_BYTES) ?? '')
  }

  /** @throws GuestError */
  property(object: Pointer, name: string): Pointer {
    return this.check(this.#instance.functions.getProperty(this.context, object, this.string(name)))
  }

  string(text: string): Pointer {
    const at = this.text(text)
    const value = this.#instance.functions.newString(this.context, at)
    this.#instance.functions.free(at)
    return value
  }

  /** Text for the engine itself, which somebody frees or an image reclaims. */
  text(text: string): Pointer {
    return writeText(this.#instance, text).at
  }
}
