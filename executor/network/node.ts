// Composes, starts and stops libp2p: the only file that does. A node listens on loopback
// unless told otherwise, keeps its connections to the peers it was given, and does not
// speak again to a peer that lied to it. No line of libp2p's log leaves this process.

import { identify } from '@libp2p/identify'
import type { ComponentLogger, Connection, Libp2p, Logger, PeerId, Stream } from '@libp2p/interface'
import { mdns } from '@libp2p/mdns'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { tls } from '@libp2p/tls'
import { yamux } from '@libp2p/yamux'
import type { Multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { KnownError } from '#codebase'
import type { Identity } from '../identity.ts'
import { parseAddress, parsePeerAddress, parsePeerId, peerOf } from './addresses.ts'
import { PeerError, reasonOf } from './errors.ts'
import { answerOn, type ChannelEnd, type Exchange } from './exchange.ts'
import type { Frame } from './frames.ts'
import { NETWORK_LIMITS, type NetworkLimits } from './network-limits.ts'
import { Peer } from './peer.ts'

export interface NodeOptions {
  readonly identity: Identity
  /** Multiaddrs to listen on; none: only dials. By default loopback, any port. */
  readonly listen?: readonly string[]
  /** Multiaddrs, with `/p2p/`, of peers to stay connected to. */
  readonly peers?: readonly string[]
  /** Announce this node on the local network, and look there for others. */
  readonly mdns?: boolean
  readonly limits?: Partial<NetworkLimits>
}

/** How the questions of one protocol are answered. */
export interface Answering {
  /** Questions that one stream may have open; the next is refused with code `busy`. */
  readonly maxOpen: number
  /** Sends every answer and then returns. What it throws is sent as a refusal. */
  answer(question: Frame, exchange: Exchange, peer: Peer): Promise<void>
}

/** Starts a node. @throws KnownError usage `address-malformed`; network `cannot-listen` */
export async function startNode(options: NodeOptions): Promise<NetworkNode> {
  const limits = { ...NETWORK_LIMITS, ...options.limits }
  const listen = (options.listen ?? ['/ip4/127.0.0.1/tcp/0']).map((text) => parseAddress(text).toString())
  const peers = (options.peers ?? []).map(parsePeerAddress)
  const banned = new Map<string, PeerError>()
  try {
    const libp2p = await createLibp2p(compose(options, { listen, limits, banned }))
    return new NetworkNode(libp2p, { limits, banned, peers, isDiscovering: options.mdns === true })
  } catch (error) {
    throw new KnownError('network', 'cannot-listen', `Cannot start the node: ${reasonOf(error)}`, {
      hint: 'choose another address or port with --listen',
      details: { listen },
      cause: error,
    })
  }
}

interface Composition {
  readonly listen: string[]
  readonly limits: NetworkLimits
  readonly banned: ReadonlyMap<string, PeerError>
}

/** Yamux: a peer's window stays below libp2p's read buffer, and a burst of new streams is no attack (see js-libp2p#3463). */
const STREAM_WINDOW_BYTES = 1024 * 1024
const MAX_EARLY_STREAMS = 1024

function compose({ identity, mdns: isDiscovering }: NodeOptions, { listen, limits, banned }: Composition) {
  const isBanned = (peer: PeerId): boolean => banned.has(peer.toString())
  return {
    privateKey: identity.privateKey,
    addresses: { listen },
    transports: [tcp()],
    connectionEncrypters: [tls(), noise()],
    streamMuxers: [
      yamux({
        maxEarlyStreams: MAX_EARLY_STREAMS,
        streamOptions: { maxStreamWindowSize: STREAM_WINDOW_BYTES },
      }),
    ],
    peerDiscovery: isDiscovering ? [mdns({ serviceTag: '_mycel._udp.local' })] : [],
    services: { identify: identify(), ping: ping() },
    connectionGater: { denyDialPeer: isBanned, denyInboundEncryptedConnection: isBanned },
    connectionManager: {
      maxConnections: limits.maxConnections,
      dialTimeout: limits.dialMs,
      inboundConnectionThreshold: limits.maxNewConnectionsPerSecond,
      maxIncomingPendingConnections: limits.maxNewConnectionsPerSecond,
    },
    connectionMonitor: {
      pingInterval: limits.keepAliveIntervalMs,
      pingTimeout: { minTimeout: limits.keepAliveMs, maxTimeout: limits.keepAliveMs },
    },
    nodeInfo: { name: 'mycel', userAgent: 'mycel' },
    logger: SILENCE,
  }
}

/** Time that peers have to take the last answers of a closing node. */
const CLOSE_MS = 500

interface NodeState {
  readonly limits: NetworkLimits
  readonly banned: Map<string, PeerError>
  readonly peers: readonly Multiaddr[]
  readonly isDiscovering: boolean
}

/** A running node. Owns its connections; close() ends them. */
export class NetworkNode {
  readonly limits: NetworkLimits
  readonly #libp2p: Libp2p
  readonly #banned: Map<string, PeerError>
  readonly #isDiscovering: boolean
  readonly #peers = new WeakMap<Connection, Peer>()
  readonly #closing = new AbortController()

  constructor(libp2p: Libp2p, { limits, banned, peers, isDiscovering }: NodeState) {
    this.limits = limits
    this.#libp2p = libp2p
    this.#banned = banned
    this.#isDiscovering = isDiscovering
    if (isDiscovering) libp2p.addEventListener('peer:discovery', ({ detail }) => void this.#meet(detail.id))
    for (const address of peers) void this.#stayConnected(address)
  }

  get peerId(): string {
    return this.#libp2p.peerId.toString()
  }

  /** Where others reach this node, each with `/p2p/` and its id. */
  get addresses(): string[] {
    return this.#libp2p.getMultiaddrs().map(String)
  }

  /** The peers that this node is connected to, one entry for each connection. */
  get peers(): Peer[] {
    const open = this.#libp2p.getConnections().filter(({ status }) => status === 'open')
    return open.map((connection) => this.#peer(connection))
  }

  /**
   * The peer that `target` names, over the connection that there is or a new one. A target is
   * a multiaddr with `/p2p/`, or a peer id: then its address is known, or heard of by mDNS.
   * @throws KnownError usage `address-malformed`; PeerError `unreachable`, or as it was dropped earlier
   */
  async dial(target: string, options: { readonly signal?: AbortSignal } = {}): Promise<Peer> {
    const address = target.startsWith('/') ? parsePeerAddress(target) : undefined
    const id = address ? (peerOf(address) as PeerId) : parsePeerId(target)
    const ban = this.#banned.get(id.toString())
    if (ban) throw ban
    const connection = this.#libp2p.getConnections(id).find(({ status }) => status === 'open')
    if (connection) return this.#peer(connection)
    const signal = anySignal([options.signal, this.#closing.signal, AbortSignal.timeout(this.limits.dialMs)])
    try {
      if (!address && this.#isDiscovering) await this.#hearOf(id, signal)
      return this.#peer(await this.#libp2p.dial(address ?? id, { signal }))
    } catch (error) {
      options.signal?.throwIfAborted()
      throw unreachable(target, error)
    }
  }

  /** Answers what peers ask over `protocol`, from now on. */
  async answer(protocol: string, { maxOpen, answer }: Answering): Promise<void> {
    const begin = (stream: Stream, connection: Connection): void => {
      const peer = this.#peer(connection)
      answerOn(stream, this.#end(connection), {
        maxOpen,
        answer: (question, exchange) => answer(question, exchange, peer),
      })
    }
    await this.#libp2p.handle(protocol, begin, { maxInboundStreams: this.limits.maxStreamsPerProtocol })
  }

  /** Closes every connection and stops. Runs under way are not awaited: see serveRun(). */
  async close(): Promise<void> {
    this.#closing.abort(new Error('the node is closing'))
    // stop() alone destroys the sockets, and with them the answers that are on their way. A peer
    // that has read them all answers the end of the stream with its own.
    const limit = AbortSignal.timeout(CLOSE_MS)
    const streams = this.#libp2p.getConnections().flatMap((connection) => connection.streams)
    const ours = streams.filter(({ protocol }) => protocol.startsWith('/mycel/'))
    await Promise.all(ours.map((stream) => endOf(stream, limit)))
    await this.#libp2p.stop()
  }

  #peer(connection: Connection): Peer {
    const known = this.#peers.get(connection)
    if (known) return known
    const peer = new Peer(connection, this.#end(connection))
    this.#peers.set(connection, peer)
    return peer
  }

  #end(connection: Connection): ChannelEnd {
    return {
      peerId: connection.remotePeer.toString(),
      limits: this.limits,
      onFault: (error) => error.isHostile && this.#drop(connection.remotePeer, error),
    }
  }

  /** Ends every connection to a peer that no honest node is, and remembers it for as long as this node runs. */
  #drop(id: PeerId, error: PeerError): void {
    this.#banned.set(id.toString(), error)
    for (const connection of this.#libp2p.getConnections(id)) connection.abort(error)
  }

  /** Resolves when an address of the peer is known; gives up after `discoverMs`. */
  async #hearOf(id: PeerId, signal: AbortSignal): Promise<void> {
    const heard = Promise.withResolvers<void>()
    const listen = ({ detail }: CustomEvent<{ id: PeerId }>): void => {
      if (detail.id.equals(id)) heard.resolve()
    }
    const limit = anySignal([signal, AbortSignal.timeout(this.limits.discoverMs)])
    const giveUp = (): void => heard.reject(new Error('no peer of that id was heard of on the local network'))
    limit.addEventListener('abort', giveUp, { once: true })
    this.#libp2p.addEventListener('peer:discovery', listen)
    try {
      const known = await this.#libp2p.peerStore.get(id).catch(() => undefined)
      if (!known?.addresses.length) await heard.promise
    } finally {
      limit.removeEventListener('abort', giveUp)
      this.#libp2p.removeEventListener('peer:discovery', listen)
    }
  }

  /** Connects to a peer that was heard of, while there is room. A peer that cannot be reached stays known by its address. */
  async #meet(id: PeerId): Promise<void> {
    const { maxDiscoveredPeers } = this.limits
    if (this.#banned.has(id.toString()) || this.#libp2p.getPeers().length >= maxDiscoveredPeers) return
    await this.#libp2p.dial(id, { signal: this.#closing.signal }).catch(() => undefined)
  }

  /** Connects to a given peer, and again whenever the connection is lost, until close(). */
  async #stayConnected(address: Multiaddr): Promise<void> {
    const { redialMinMs, redialMaxMs } = this.limits
    const { signal } = this.#closing
    let waitMs = redialMinMs
    const id = String(peerOf(address))
    while (id !== this.peerId && !signal.aborted && !this.#banned.has(id)) {
      try {
        const connection = await this.#libp2p.dial(address, { signal })
        waitMs = redialMinMs
        await closeOf(connection)
      } catch {
        waitMs = Math.min(waitMs * 2, redialMaxMs)
      }
      await pause(waitMs, signal)
    }
  }
}

async function endOf(stream: Stream, limit: AbortSignal): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    stream.addEventListener('close', () => resolve(), { once: true })
    limit.addEventListener('abort', () => resolve(), { once: true })
  })
  await stream.close({ signal: limit }).catch(() => {})
  if (stream.status === 'open' && !limit.aborted) await ended
}

function closeOf(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    connection.addEventListener('close', () => resolve(), { once: true })
    if (connection.status !== 'open') resolve()
  })
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}

function anySignal(signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== undefined))
}

function unreachable(target: string, error: unknown): PeerError {
  const reasons = error instanceof AggregateError ? error.errors.map(reasonOf).join('; ') : reasonOf(error)
  return new PeerError('unreachable', target, `Cannot reach ${target}: ${reasons}`, error)
}

const ignore = (): void => {}
const SILENT: Logger = Object.assign(ignore, {
  enabled: false,
  trace: ignore,
  error: ignore,
  newScope: () => SILENT,
})
const SILENCE: ComponentLogger = { forComponent: () => SILENT }
