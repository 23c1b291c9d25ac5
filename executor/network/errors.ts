// Failures of the network. Whatever a peer did or failed to do is a PeerError that names
// the peer; some of them no honest peer can cause, and their author is dropped.

import { KnownError } from '#codebase'

export type PeerFailure =
  | 'unreachable' // could not be dialled
  | 'protocol-unknown' // is no node of this version
  | 'peer-closed' // went away before it had answered
  | 'peer-died' // went away during a run
  | 'peer-stalled' // stopped answering, or stopped reading
  | 'closure-too-large' // what was asked for has no room within the bounds
  | 'closure-unavailable' // has none of it, or does not give it to us
  | 'peer-lied' // sent what was not asked for, or other bytes than it says
  | 'frame-too-large'
  | 'malformed-frame'

const HOSTILE: ReadonlySet<string> = new Set<PeerFailure>(['peer-lied', 'frame-too-large', 'malformed-frame'])

const HINTS: Readonly<Record<PeerFailure, string>> = Object.freeze({
  unreachable:
    'check that the node is up and that the address, with its /p2p/ part, is the one that it printed',
  'protocol-unknown': 'check that what answers there is a mycel node of the same version',
  'peer-closed': 'check that the node is still up, then try again',
  'peer-died': 'a pure function can safely be run again, on this node or on another one',
  'peer-stalled': 'the peer or the way to it is overloaded; try again, or use another node',
  'closure-too-large': 'split what is run into smaller parts, or pull the code in several steps',
  'closure-unavailable':
    'run it from the codebase that has the code, or connect the node to a peer that has it',
  'peer-lied': 'the peer is damaged or hostile; it is not spoken to again in this session',
  'frame-too-large': 'the peer is damaged or hostile; it is not spoken to again in this session',
  'malformed-frame':
    'the peer is damaged, hostile or of another version; it is not spoken to again in this session',
})

/** What a peer did, or failed to do. */
export class PeerError extends KnownError {
  override readonly name = 'PeerError'
  readonly failure: PeerFailure
  /** The peer's id, or the address under which it was looked for. */
  readonly peer: string

  constructor(failure: PeerFailure, peer: string, message: string, cause?: unknown) {
    super('network', failure, message, { hint: HINTS[failure], details: { peer }, cause })
    this.failure = failure
    this.peer = peer
  }

  /** True when no honest peer of this version can have caused it. */
  get isHostile(): boolean {
    return HOSTILE.has(this.failure)
  }
}

/** The text of whatever was thrown, for use inside another message. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
