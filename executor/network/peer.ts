// One connection to another node, and the questions asked over it: one long-lived stream
// per protocol, opened when it is first needed and again when it has closed.

import type { Connection } from '@libp2p/interface'
import { PeerError, type PeerFailure, reasonOf } from './errors.ts'
import { Asker, type ChannelEnd, type Question } from './exchange.ts'

interface Slot {
  readonly opening: Promise<Asker>
  /** There once it has been opened. */
  asker: Asker | undefined
}

/** Another node, over one connection; its id is the one that its key proved. */
export class Peer {
  readonly peerId: string
  readonly #connection: Connection
  readonly #end: ChannelEnd
  readonly #slots = new Map<string, Slot>()

  constructor(connection: Connection, end: ChannelEnd) {
    this.peerId = end.peerId
    this.#connection = connection
    this.#end = end
  }

  get isConnected(): boolean {
    return this.#connection.status === 'open'
  }

  /** Asks over the stream of `protocol`. @throws PeerError; KnownError as the peer refuses; the signal's reason */
  async ask<T>(protocol: string, question: Question<T>): Promise<T> {
    const asker = await this.#asker(protocol)
    return asker.ask(question)
  }

  async close(): Promise<void> {
    await this.#connection.close()
  }

  #asker(protocol: string): Promise<Asker> {
    const current = this.#slots.get(protocol)
    if (current && (current.asker?.isOpen ?? true)) return current.opening
    const slot: Slot = { asker: undefined, opening: this.#open(protocol) }
    this.#slots.set(protocol, slot)
    slot.opening.then(
      (asker) => (slot.asker = asker),
      () => this.#slots.get(protocol) === slot && this.#slots.delete(protocol),
    )
    return slot.opening
  }

  async #open(protocol: string): Promise<Asker> {
    const { limits, peerId } = this.#end
    try {
      const stream = await this.#connection.newStream(protocol, {
        signal: AbortSignal.timeout(limits.dialMs),
        maxOutboundStreams: limits.maxStreamsPerProtocol,
      })
      return new Asker(stream, this.#end)
    } catch (error) {
      const failure = this.#failureOf(error instanceof Error ? error.name : '')
      throw new PeerError(failure, peerId, `Cannot open ${protocol} to ${peerId}: ${reasonOf(error)}`, error)
    }
  }

  #failureOf(name: string): PeerFailure {
    if (name === 'UnsupportedProtocolError') return 'protocol-unknown'
    return this.isConnected && name === 'TimeoutError' ? 'peer-stalled' : 'peer-closed'
  }
}
