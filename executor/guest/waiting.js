// Operations that a machine asked for and that are performed one after the other.

/** Of `waiting` and what a machine has asked for since, those that it did not cancel, in order. */
export function stillWaiting(waiting, asked, cancelled) {
  const gone = new Set(cancelled)
  return [...waiting, ...asked].filter(({ number }) => !gone.has(number))
}
