// Every bound of this folder, with its unit, its default and what happens beyond it.

/** Bounds on what a peer may make us hold, wait for or do. All times in milliseconds. */
export interface NetworkLimits {
  /** One frame, in bytes: the largest result and the largest receipt fit. A longer one closes the stream and drops the peer (`frame-too-large`). */
  readonly maxFrameBytes: number
  /** Maps and lists inside each other in a frame; deeper is `malformed-frame`. */
  readonly maxFrameDepth: number
  /** Scalars, lists and maps of a frame together; more is `malformed-frame`. */
  readonly maxFrameItems: number
  /** Streams of one protocol on one connection and in one direction; libp2p resets the next. */
  readonly maxStreamsPerProtocol: number
  /** Connections of a node; libp2p closes the least valuable one beyond it. */
  readonly maxConnections: number
  /** Connections per second from one address; the next is closed unread. */
  readonly maxNewConnectionsPerSecond: number
  /** Peers that mDNS found and that a node stays connected to; others are only remembered. */
  readonly maxDiscoveredPeers: number
  /** Time to reach a peer and agree on keys; beyond it the peer is `unreachable`. */
  readonly dialMs: number
  /** Time to hear of a peer that is known by its id only; beyond it the peer is `unreachable`. */
  readonly discoverMs: number
  /** Time between two frames of an answer that is under way; beyond it the peer has `peer-stalled`. */
  readonly silenceMs: number
  /** Time that a peer may leave unread what it is sent; beyond it the peer has `peer-stalled`. */
  readonly drainMs: number
  /** Time between two pings of each connection. */
  readonly keepAliveIntervalMs: number
  /** Time for the answer to a ping; beyond it the connection is closed and its runs end. */
  readonly keepAliveMs: number
  /** Time from the loss of a given peer to the first attempt to reach it again; doubles up to redialMaxMs. */
  readonly redialMinMs: number
  readonly redialMaxMs: number
  /** Objects of one fetched closure; the next one is `closure-too-large`. */
  readonly maxClosureObjects: number
  /** Bytes of one fetched closure; beyond them it is `closure-too-large`. */
  readonly maxClosureBytes: number
  /** Hashes that one request may ask for; more is `malformed-frame`. */
  readonly maxRoots: number
  /** Hashes that one request may name as known already; more is `malformed-frame`. */
  readonly maxHave: number
  /** Fetches that one peer may have under way; the next is refused (`busy`). */
  readonly maxFetchesPerPeer: number
  /** Runs that one peer may have under way on a node; the next is refused (`busy`). */
  readonly maxRunsPerPeer: number
  /** Lines of trace that a caller takes from one run; more is `malformed-frame`. */
  readonly maxTraceLines: number
  /** Lines of log that wait for the caller of a run to read; what is logged beyond them is dropped, and counted. */
  readonly maxUnreadLines: number
  /** Time from a request to its acceptance or refusal, the fetch of its code included. */
  readonly acceptMs: number
  /** Time that a closing node gives the runs under way; then they are cancelled. */
  readonly drainGraceMs: number
}

/** The bounds that hold unless a node is started with others. */
export const NETWORK_LIMITS: NetworkLimits = Object.freeze({
  maxFrameBytes: 17 * 1024 * 1024,
  maxFrameDepth: 8,
  maxFrameItems: 64 * 1024,
  maxStreamsPerProtocol: 4,
  maxConnections: 256,
  maxNewConnectionsPerSecond: 64,
  maxDiscoveredPeers: 32,
  dialMs: 10_000,
  discoverMs: 5_000,
  silenceMs: 15_000,
  drainMs: 15_000,
  keepAliveIntervalMs: 5_000,
  keepAliveMs: 8_000,
  redialMinMs: 500,
  redialMaxMs: 30_000,
  maxClosureObjects: 50_000,
  maxClosureBytes: 64 * 1024 * 1024,
  maxRoots: 64,
  maxHave: 512,
  maxFetchesPerPeer: 16,
  maxRunsPerPeer: 512,
  maxTraceLines: 10_000,
  maxUnreadLines: 1_000,
  acceptMs: 60_000,
  drainGraceMs: 10_000,
})
