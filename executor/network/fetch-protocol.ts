// Fetch: a closure in one round trip. `want` names roots and what is there already; the
// answer is every other object that the roots need, dependencies first, then `end`.
// The receiver believes nothing: see ClosureReceiver.

import {
  formatHash,
  type Hash,
  KnownError,
  kindOfObject,
  linksOf,
  OBJECT_KINDS,
  verifyObject,
} from '#codebase'
import { PeerError, reasonOf } from './errors.ts'
import type { Exchange } from './exchange.ts'
import type { Frame } from './frames.ts'
import type { NetworkLimits } from './network-limits.ts'
import type { NetworkNode } from './node.ts'
import type { Peer } from './peer.ts'

export const FETCH_PROTOCOL = '/mycel/fetch/0.1.0'

/** What can be fetched, and by whom. */
export interface Offer {
  /** Called before anything is looked up. */
  mayFetch(peerId: string, roots: readonly Hash[]): boolean
  readonly objects: {
    /** Dependencies first. @throws KnownError when something is missing */
    closure(
      roots: readonly Hash[],
      have: ReadonlySet<Hash>,
    ): AsyncIterable<{ readonly hash: Hash; readonly object: Uint8Array }>
  }
}

interface Desk {
  readonly offers: Set<Offer>
  readonly isOpen: Promise<void>
}

const desks = new WeakMap<NetworkNode, Desk>()

/** Lets peers fetch what `offer` has, until the function that it returns is called. */
export async function serveFetch(node: NetworkNode, offer: Offer): Promise<() => void> {
  const desk = desks.get(node) ?? openDesk(node)
  desk.offers.add(offer)
  await desk.isOpen
  return () => desk.offers.delete(offer)
}

function openDesk(node: NetworkNode): Desk {
  const offers = new Set<Offer>()
  const isOpen = node.answer(FETCH_PROTOCOL, {
    maxOpen: node.limits.maxFetchesPerPeer,
    answer: (question, exchange) => answerWant(offers, question, exchange, node.limits),
  })
  const desk = { offers, isOpen }
  desks.set(node, desk)
  return desk
}

async function answerWant(
  offers: ReadonlySet<Offer>,
  want: Frame,
  exchange: Exchange,
  limits: NetworkLimits,
): Promise<void> {
  const { peerId } = exchange
  if (want.type !== 'want' || want.roots.length > limits.maxRoots || want.have.length > limits.maxHave) {
    throw new PeerError(
      'malformed-frame',
      peerId,
      `Cannot answer ${peerId}: it asked for more than one may, or for something else`,
    )
  }
  const have = new Set(want.have)
  for (const { mayFetch, objects } of offers) {
    if (!mayFetch(peerId, want.roots)) continue
    try {
      for await (const { hash, object } of objects.closure(want.roots, have)) {
        await exchange.send({ type: 'object', hash, object })
        have.add(hash)
      }
      return await exchange.send({ type: 'end' })
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }
  // One text, whether it is missing here or not for this peer: a stranger learns nothing.
  throw new KnownError(
    'policy',
    'closure-unavailable',
    'Cannot fetch: this node does not have it, or does not give it to this peer',
  )
}

function isMissing(error: unknown): boolean {
  return error instanceof KnownError && error.code === 'object-missing'
}

/** A closure as it came from one peer, less what was known already. */
export interface FetchedClosure {
  /** Each held against its hash; dependencies first. */
  readonly objects: ReadonlyMap<Hash, Uint8Array>
  readonly bytes: number
  readonly rounds: number
}

export interface FetchOptions {
  readonly signal?: AbortSignal | undefined
  readonly limits: NetworkLimits
}

/**
 * Fetches from `peer` all that `roots` need. `have` names what is there, with all below it.
 * @throws PeerError, never anything half fetched
 */
export async function fetchClosure(
  peer: Peer,
  { roots, have }: { readonly roots: readonly Hash[]; readonly have: ReadonlySet<Hash> },
  { signal, limits }: FetchOptions,
): Promise<FetchedClosure> {
  // Naming fewer is only slower.
  const known = [...have].slice(-limits.maxHave)
  const receiver = new ClosureReceiver(peer.peerId, { roots, have: new Set(known), limits })
  try {
    return await peer.ask(FETCH_PROTOCOL, {
      message: { type: 'want', roots, have: known },
      receive: (answer) => receiver.receive(answer),
      signal,
      silenceMs: () => limits.silenceMs,
    })
  } catch (error) {
    if (!(error instanceof KnownError) || error instanceof PeerError) throw error
    throw new PeerError(
      'closure-unavailable',
      peer.peerId,
      `Cannot fetch ${roots.map(formatHash).join(', ')} from ${peer.peerId}: ${error.message}`,
      error,
    )
  }
}

interface Wanted {
  readonly roots: readonly Hash[]
  readonly have: ReadonlySet<Hash>
  readonly limits: NetworkLimits
}

/**
 * Checks a closure while it arrives. Each object must have the hash that it comes under, be
 * a component, come once, and link only to what came before or was there; in the end every
 * root must be there, and every object must be needed by a root.
 */
class ClosureReceiver {
  readonly #peerId: string
  readonly #wanted: Wanted
  readonly #objects = new Map<Hash, Uint8Array>()
  readonly #links = new Map<Hash, readonly Hash[]>()
  #bytes = 0

  constructor(peerId: string, wanted: Wanted) {
    this.#peerId = peerId
    this.#wanted = wanted
  }

  receive(answer: Frame): FetchedClosure | undefined {
    if (answer.type === 'object') this.#accept(answer.hash, answer.object)
    else if (answer.type === 'end') return this.#finish()
    else throw this.#lied(`it answered with a frame of type ${answer.type}`)
    return undefined
  }

  #accept(hash: Hash, object: Uint8Array): void {
    const { have, limits } = this.#wanted
    this.#bytes += object.length
    if (this.#objects.size >= limits.maxClosureObjects || this.#bytes > limits.maxClosureBytes) {
      throw this.#failure(
        'closure-too-large',
        `it sent more than ${limits.maxClosureObjects} objects or ${limits.maxClosureBytes} bytes`,
      )
    }
    if (this.#objects.has(hash) || have.has(hash))
      throw this.#lied(`it sent ${formatHash(hash)}, which was there already`)
    const links = this.#verify(hash, object)
    const missing = links.find((link) => !this.#objects.has(link) && !have.has(link))
    if (missing)
      throw this.#lied(`it sent ${formatHash(hash)} before ${formatHash(missing)}, which that one needs`)
    this.#objects.set(hash, object)
    this.#links.set(hash, links)
  }

  #verify(hash: Hash, object: Uint8Array): Hash[] {
    try {
      verifyObject(hash, object)
      const links = linksOf(object)
      if (kindOfObject(object) === OBJECT_KINDS.component) return links
    } catch (error) {
      throw this.#failure('peer-lied', `it sent other bytes than it said (${reasonOf(error)})`, error)
    }
    throw this.#lied(`it sent ${formatHash(hash)}, which is no component`)
  }

  /** Dependents come after what they need, so one pass backwards meets every object after all that need it. */
  #finish(): FetchedClosure {
    const { roots, have } = this.#wanted
    const needed = new Set<Hash>(roots)
    const absent = roots.find((root) => !this.#objects.has(root) && !have.has(root))
    if (absent) throw this.#lied(`it did not send ${formatHash(absent)}, which was asked for`)
    for (const hash of [...this.#objects.keys()].reverse()) {
      if (!needed.has(hash)) throw this.#lied(`it sent ${formatHash(hash)}, for which nobody asked`)
      for (const link of this.#links.get(hash) ?? []) needed.add(link)
    }
    return { objects: this.#objects, bytes: this.#bytes, rounds: 1 }
  }

  #lied(what: string): PeerError {
    return this.#failure('peer-lied', what)
  }

  #failure(failure: 'peer-lied' | 'closure-too-large', what: string, cause?: unknown): PeerError {
    return new PeerError(failure, this.#peerId, `Cannot fetch from ${this.#peerId}: ${what}`, cause)
  }
}
