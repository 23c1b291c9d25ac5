// Failures of operations. A guest sees the name and the message of one, nothing else,
// so neither may tell it about the host: no paths, no stacks, no addresses.

/**
 * An operation that could not be performed, thrown into the guest as an error that it can
 * catch by `error.name`. TypeError and RangeError are wrong arguments; each provider's own
 * names stand in the file that throws them.
 */
export class AbilityError extends Error {
  override readonly name: string

  constructor(name: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = name
  }
}
