// Where a node gets code that it is asked to run: its own store, else the caller over the
// connection that the request came on, else other peers that it is connected to. What one
// of them sends is verified whole and then stored, dependencies first, so that an object in
// the store always has all it needs beside it.

import { formatHash, type Hash, KnownError, type ObjectSource } from '#codebase'
import { PeerError, type PeerFailure } from './errors.ts'
import { type FetchedClosure, fetchClosure } from './fetch-protocol.ts'
import type { NetworkNode } from './node.ts'
import type { Peer } from './peer.ts'
import type { CodeState } from './run-protocol.ts'

export interface GatherPowers {
  readonly node: NetworkNode
  readonly objects: ObjectSource
  /** Stores an object; called for each after all that it needs. */
  put(object: Uint8Array): Promise<unknown>
}

const WARM: CodeState = Object.freeze({
  code: 'warm',
  fetched: Object.freeze({ objects: 0, bytes: 0, rounds: 0 }),
})

const HAS_NONE: ReadonlySet<PeerFailure> = new Set<PeerFailure>(['closure-unavailable', 'protocol-unknown'])

/** Brings code into a node's store, each closure once however many runs wait for it. */
export class CodeGatherer {
  readonly #powers: GatherPowers
  /** Objects that are here with all they need, the latest last: what a fetch need not bring. */
  readonly #whole = new Set<Hash>()
  readonly #underWay = new Map<Hash, Promise<CodeState>>()

  constructor(powers: GatherPowers) {
    this.#powers = powers
  }

  /**
   * Resolves when `root` and all that it needs are in the store.
   * @throws KnownError input `code-missing`; PeerError for what the caller did wrong; the signal's reason
   */
  async gather(root: Hash, caller: Peer, signal: AbortSignal): Promise<CodeState> {
    for (;;) {
      signal.throwIfAborted()
      if (this.#whole.has(root) || (await this.#powers.objects.get(root))) {
        this.#remember([root])
        return WARM
      }
      const other = this.#underWay.get(root)
      if (!other) break
      // If that one's caller fails, this one may still have what is needed.
      await other.catch(() => {})
    }
    const mine = this.#fetch(root, caller, signal)
    this.#underWay.set(root, mine)
    try {
      return await mine
    } finally {
      this.#underWay.delete(root)
    }
  }

  async #fetch(root: Hash, caller: Peer, signal: AbortSignal): Promise<CodeState> {
    const { objects, bytes, rounds } = await this.#fetchFromAny(
      root,
      [caller, ...this.#othersThan(caller)],
      signal,
    )
    for (const object of objects.values()) await this.#powers.put(object)
    this.#remember(objects.keys())
    return { code: 'cold', fetched: { objects: objects.size, bytes, rounds } }
  }

  async #fetchFromAny(
    root: Hash,
    [caller, ...others]: readonly Peer[],
    signal: AbortSignal,
  ): Promise<FetchedClosure> {
    const request = { roots: [root], have: this.#whole }
    const options = { signal, limits: this.#powers.node.limits }
    let fault: PeerError | undefined
    for (const peer of caller ? [caller, ...others] : others) {
      try {
        return await fetchClosure(peer, request, options)
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof PeerError)) throw error
        // That a peer has none of it is expected; what else went wrong with its own, the caller should hear.
        if (peer === caller && !HAS_NONE.has(error.failure)) fault = error
      }
    }
    if (fault) throw fault
    const asked = others.length === 0 ? 'nor the caller' : `nor the caller nor ${others.length} other peers`
    throw new KnownError(
      'input',
      'code-missing',
      `Cannot run ${formatHash(root)}: neither this node ${asked} has its code`,
    )
  }

  #othersThan(caller: Peer): Peer[] {
    const byId = new Map(this.#powers.node.peers.map((peer) => [peer.peerId, peer]))
    byId.delete(caller.peerId)
    return [...byId.values()]
  }

  #remember(hashes: Iterable<Hash>): void {
    for (const hash of hashes) {
      this.#whole.delete(hash)
      this.#whole.add(hash)
    }
    const excess = this.#whole.size - this.#powers.node.limits.maxHave
    for (const oldest of [...this.#whole].slice(0, Math.max(0, excess))) this.#whole.delete(oldest)
  }
}
