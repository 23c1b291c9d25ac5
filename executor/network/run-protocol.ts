// Run: a request; accepted or refused; lines while it runs; outcome and receipt. The run
// ends early when the caller cancels, closes the stream or goes. A node that closes
// refuses new runs and gives those under way their time.

import { type Allowance, intersectAllowances, type LogEntry } from '#abilities'
import { KnownError, type Reference } from '#codebase'
import { EVERYTHING } from '../authority.ts'
import type { Limits } from '../limits.ts'
import type { RunRequest, RunResult } from '../run.ts'
import { PeerError, reasonOf } from './errors.ts'
import { busy, type Exchange } from './exchange.ts'
import type { Frame } from './frames.ts'
import type { NetworkNode } from './node.ts'
import type { Peer } from './peer.ts'
import {
  chunks,
  type RemoteRequest,
  type RunClaim,
  readClaim,
  readLine,
  readRequest,
  readResult,
  writeLine,
  writeRequest,
  writeResult,
} from './run-messages.ts'

export const RUN_PROTOCOL = '/mycel/run/0.1.0'

/** What it took to have the code: objects and bytes that were fetched, in how many round trips. */
export interface Fetched {
  readonly objects: number
  readonly bytes: number
  readonly rounds: number
}

/** `warm`: the node had the code. */
export interface CodeState {
  readonly code: 'cold' | 'warm'
  readonly fetched: Fetched
}

/** What is heard of a run before it ends. */
export type Progress =
  | ({ readonly kind: 'accepted' } & CodeState)
  | { readonly kind: 'log'; readonly line: LogEntry }
  | { readonly kind: 'trace'; readonly lines: readonly string[] }

/** A run on another node, as that node tells it. The receipt is not verified yet: see remote.ts. */
export interface RemoteResult extends RunResult, CodeState {
  /** The node's peer id. */
  readonly node: string
}

/** What a node does with a request that it has read. */
export interface RunService {
  /** What the peer is allowed; undefined: nothing, not even to run what is pure. */
  authorise(peerId: string, claim: RunClaim): Promise<Authorised | undefined>
  /** Makes the code be there. @throws KnownError */
  prepare(reference: Reference, caller: Peer, signal: AbortSignal): Promise<CodeState>
  /** Runs with no more than is allowed. @throws KnownError */
  run(
    request: RunRequest,
    context: { readonly signal: AbortSignal; onLog(line: LogEntry): void },
  ): Promise<RunResult>
}

export interface Authorised {
  readonly allowances: readonly Allowance[]
  /** The most that a request may ask for, and what it gets when it asks for nothing. */
  readonly limits?: Partial<Limits>
}

/** A node's side of the protocol, under way. */
export interface RunServer {
  /** Refuses new runs and resolves when those under way have ended, after `drainGraceMs` by being cancelled. */
  drain(): Promise<void>
}

/** Lets peers run what `service` authorises. */
export async function serveRun(node: NetworkNode, service: RunService): Promise<RunServer> {
  const { limits } = node
  const runs = new Map<string, number>()
  const underWay = new Set<Exchange>()
  const grace = new AbortController()
  let isDraining = false

  async function answer(question: Frame, exchange: Exchange, peer: Peer): Promise<void> {
    const { peerId } = exchange
    if (question.type !== 'run') throw unexpected(peerId, question.type)
    if (isDraining) throw new KnownError('network', 'draining', 'Cannot run: this node is closing')
    const count = runs.get(peerId) ?? 0
    if (count >= limits.maxRunsPerPeer) throw busy(limits.maxRunsPerPeer)
    runs.set(peerId, count + 1)
    underWay.add(exchange)
    void exchange.settled.then(() => underWay.delete(exchange))
    try {
      await answerRun(service, question, {
        exchange,
        peer,
        signal: AbortSignal.any([exchange.signal, grace.signal]),
        maxUnreadLines: limits.maxUnreadLines,
      })
    } finally {
      const left = (runs.get(peerId) as number) - 1
      if (left > 0) runs.set(peerId, left)
      else runs.delete(peerId)
    }
  }

  await node.answer(RUN_PROTOCOL, { maxOpen: limits.maxRunsPerPeer, answer })
  return {
    async drain() {
      isDraining = true
      const timer = setTimeout(
        () => grace.abort(new KnownError('network', 'draining', 'Cannot finish run: this node is closing')),
        limits.drainGraceMs,
      )
      await Promise.all([...underWay].map(({ settled }) => settled))
      clearTimeout(timer)
    },
  }
}

function unexpected(peerId: string, type: string): PeerError {
  return new PeerError('malformed-frame', peerId, `Cannot answer ${peerId}: it sent a frame of type ${type}`)
}

interface RunExchange {
  readonly exchange: Exchange
  readonly peer: Peer
  readonly signal: AbortSignal
  readonly maxUnreadLines: number
}

async function answerRun(
  service: RunService,
  frame: Frame<'run'>,
  { exchange, peer, signal, maxUnreadLines }: RunExchange,
): Promise<void> {
  const claim = readClaim(frame)
  const authorised = await service.authorise(peer.peerId, claim)
  if (!authorised) {
    // One text for all reasons: what is known, who may, and whether the grant is expired stay with the node.
    throw new KnownError('policy', 'not-allowed', 'Cannot run: this node does not allow it to this peer')
  }
  const request = readRequest(frame, claim)
  const { code, fetched } = await service.prepare(request.reference, peer, signal)
  await exchange.send({ type: 'accepted', code, ...fetched })
  const log = new LogSender(exchange, maxUnreadLines)
  const result = await service.run(within(request, authorised), { signal, onLog: (line) => log.send(line) })
  log.end()
  for (const lines of chunks(result.trace)) await exchange.send({ type: 'trace', lines })
  await exchange.send(writeResult(result))
}

/** Sends lines as they come, and none that would wait behind too many others: a guest cannot be made to wait. */
class LogSender {
  readonly #exchange: Exchange
  readonly #maxUnread: number
  #unread = 0
  #dropped = 0

  constructor(exchange: Exchange, maxUnread: number) {
    this.#exchange = exchange
    this.#maxUnread = maxUnread
  }

  send(line: LogEntry): void {
    if (this.#unread >= this.#maxUnread) this.#dropped++
    else this.#send(line)
  }

  /** Says how many lines were dropped, if any were. */
  end(): void {
    if (this.#dropped === 0) return
    this.#send({ level: 'warn', message: `${this.#dropped} lines were dropped: they were read too slowly` })
  }

  #send(line: LogEntry): void {
    this.#unread++
    // That the caller is gone, the run learns by its signal.
    const settle = (): number => this.#unread--
    this.#exchange.send(writeLine(line)).then(settle, settle)
  }
}

/** The request less what is not allowed: the lesser of each limit, the abilities of both. */
function within(request: RunRequest, { allowances, limits = {} }: Authorised): RunRequest {
  const allow = request.allow === EVERYTHING ? allowances : intersectAllowances(allowances, request.allow)
  const narrowed: Record<string, number> = { ...request.limits }
  for (const [name, most] of Object.entries(limits)) narrowed[name] = Math.min(most, narrowed[name] ?? most)
  return {
    reference: request.reference,
    args: request.args,
    allow,
    limits: narrowed,
    memo: request.memo ?? true,
  }
}

export interface SubmitOptions {
  readonly signal?: AbortSignal | undefined
  onProgress?(progress: Progress): void
}

/**
 * Asks `peer` to run, and waits for the outcome.
 * @throws PeerError `peer-died` when the peer goes during the run, `peer-stalled` when it never accepts;
 * KnownError as the peer refuses; the signal's reason
 */
export async function submitRun(
  peer: Peer,
  request: RemoteRequest,
  {
    signal,
    onProgress = () => {},
    limits,
  }: SubmitOptions & { readonly limits: { readonly acceptMs: number; readonly maxTraceLines: number } },
): Promise<RemoteResult> {
  const hearing = new RunHearing(peer.peerId, limits.maxTraceLines, onProgress)
  try {
    return await peer.ask(RUN_PROTOCOL, {
      message: writeRequest(request),
      receive: (answer) => hearing.receive(answer),
      signal,
      // Once accepted, a run may be silent for as long as its own limits let it; a dead peer is noticed by pings.
      silenceMs: () => (hearing.isAccepted ? undefined : limits.acceptMs),
    })
  } catch (error) {
    if (!(error instanceof PeerError && error.failure === 'peer-closed')) throw error
    const message = `Cannot finish run: the node ${peer.peerId} went away during it (${error.message})`
    throw new PeerError('peer-died', peer.peerId, message, error)
  }
}

/** The caller's side of one run: what has been heard so far. */
class RunHearing {
  readonly #node: string
  readonly #maxLines: number
  readonly #onProgress: (progress: Progress) => void
  readonly #trace: string[] = []
  #code: CodeState | undefined

  constructor(node: string, maxLines: number, onProgress: (progress: Progress) => void) {
    this.#node = node
    this.#maxLines = maxLines
    this.#onProgress = onProgress
  }

  get isAccepted(): boolean {
    return this.#code !== undefined
  }

  receive(answer: Frame): RemoteResult | undefined {
    if (answer.type === 'accepted' && !this.#code) {
      const { code, objects, bytes, rounds } = answer
      this.#code = { code, fetched: { objects, bytes, rounds } }
      this.#onProgress({ kind: 'accepted', ...this.#code })
    } else if (answer.type === 'log' && this.#code) {
      this.#onProgress({ kind: 'log', line: this.#read(() => readLine(answer)) })
    } else if (answer.type === 'trace' && this.#code) {
      this.#trace.push(...answer.lines)
      if (this.#trace.length > this.#maxLines)
        throw this.#malformed(`more than ${this.#maxLines} lines of trace`)
      this.#onProgress({ kind: 'trace', lines: answer.lines })
    } else if (answer.type === 'outcome' && this.#code) {
      return { ...this.#read(() => readResult(answer)), ...this.#code, trace: this.#trace, node: this.#node }
    } else throw this.#malformed(`a frame of type ${answer.type} out of turn`)
    return undefined
  }

  #read<T>(decode: () => T): T {
    try {
      return decode()
    } catch (error) {
      throw this.#malformed(reasonOf(error))
    }
  }

  #malformed(what: string): PeerError {
    return new PeerError(
      'malformed-frame',
      this.#node,
      `Cannot hear of the run from ${this.#node}: it sent ${what}`,
    )
  }
}
