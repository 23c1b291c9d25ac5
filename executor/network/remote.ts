// Ties the protocols to a codebase and an executor: serveNode() for the node that runs,
// runRemotely() for whoever asks. The caller serves its code only to the node it asked,
// only while the run is under way, and believes no outcome without its signed receipt.

import type { Allowance } from '#abilities'
import { KnownError, type ObjectSource } from '#codebase'
import { verifyGrant } from '../grant.ts'
import { verifySignature } from '../identity.ts'
import { verifyReceipt } from '../receipt.ts'
import { type Offer, serveFetch } from './fetch-protocol.ts'
import { CodeGatherer } from './gather.ts'
import type { NetworkNode } from './node.ts'
import type { RemoteRequest, RunClaim } from './run-messages.ts'
import {
  type Authorised,
  type RemoteResult,
  type RunService,
  type SubmitOptions,
  serveRun,
  submitRun,
} from './run-protocol.ts'

export interface ServeOptions {
  readonly node: NetworkNode
  /** The codebase: what peers may fetch, and where code is looked for first. */
  readonly objects: ObjectSource & Offer['objects']
  /** Stores an object that was fetched; called for each after all that it needs. */
  put(object: Uint8Array): Promise<unknown>
  /** Runs what is allowed: the executor's own run(). */
  readonly run: RunService['run']
  /** Ids of the peers that may fetch and run without a grant. */
  readonly allowPeers: ReadonlySet<string>
  /** What those peers' runs may perform. */
  readonly allowances: readonly Allowance[]
  /** Milliseconds since the epoch, against which grants expire. */
  clock(): number
}

/** A node that serves. */
export interface ServedNode {
  /** Refuses new runs, gives those under way their time, then closes the node. */
  close(): Promise<void>
}

/** Serves fetch and run on `node`, to those it is told to allow and to no one else. */
export async function serveNode(options: ServeOptions): Promise<ServedNode> {
  const { node, objects, put, run, allowPeers } = options
  await serveFetch(node, { objects, mayFetch: (peerId) => allowPeers.has(peerId) })
  const gatherer = new CodeGatherer({ node, objects, put })
  const server = await serveRun(node, {
    authorise: (peerId, request) => authorise(options, peerId, request),
    prepare: ({ hash }, caller, signal) => gatherer.gather(hash, caller, signal),
    run,
  })
  return {
    async close() {
      await server.drain()
      await node.close()
    },
  }
}

async function authorise(
  { node, allowPeers, allowances, clock }: ServeOptions,
  caller: string,
  { grant, reference, limits = {} }: RunClaim,
): Promise<Authorised | undefined> {
  if (allowPeers.has(caller)) return { allowances }
  if (grant === undefined) return undefined
  const use = { node: node.peerId, caller, reference, limits, nowMs: clock() }
  return verifyGrant(grant, use).catch((error: unknown) => {
    // A grant that does not hold is no grant; why is nothing that a stranger is told.
    if (error instanceof KnownError) return undefined
    throw error
  })
}

export interface RemoteRun extends SubmitOptions {
  readonly node: NetworkNode
  /** A multiaddr with `/p2p/`, or a peer id. */
  readonly target: string
  readonly request: RemoteRequest
  /** Where the code is, if it is here; absent: the node must have it or find it. */
  readonly objects?: Offer['objects']
}

/**
 * Runs on another node and returns what came of it once its receipt has been verified.
 * @throws KnownError as the node refuses, with a hint; `receipt-invalid`; PeerError; the signal's reason
 */
export async function runRemotely({
  node,
  target,
  request,
  objects,
  signal,
  onProgress,
}: RemoteRun): Promise<RemoteResult> {
  const peer = await node.dial(target, signal ? { signal } : {})
  const root = request.reference.hash
  const withdraw = objects
    ? await serveFetch(node, {
        objects,
        mayFetch: (peerId, roots) => peerId === peer.peerId && roots.every((hash) => hash === root),
      })
    : () => {}
  try {
    const result = await submitRun(peer, request, {
      signal,
      limits: node.limits,
      ...(onProgress && { onProgress }),
    })
    const expected = {
      peerId: peer.peerId,
      reference: request.reference,
      args: request.args,
      outcome: result.outcome,
      fuel: result.fuel,
    }
    await verifyReceipt(result.receiptObject, { expected, verifySignature })
    return result
  } catch (error) {
    throw error instanceof KnownError ? withHint(error, node.peerId) : error
  } finally {
    withdraw()
  }
}

/** What the caller can do about a refusal: composed here, since a node says no more than it must. */
function withHint(error: KnownError, caller: string): KnownError {
  const hint = error.hint ?? hintFor(error.code, caller)
  if (hint === error.hint || hint === undefined) return error
  return new KnownError(error.group, error.code, error.message, {
    hint,
    details: error.details,
    cause: error,
  })
}

function hintFor(code: string, caller: string): string | undefined {
  switch (code) {
    case 'not-allowed':
      return `start the node with --allow-peer ${caller}, or ask its owner for a grant for that peer`
    case 'code-missing':
      return 'run it from the codebase that has the code, or connect the node to a peer that has it'
    case 'busy':
      return 'wait until some of your runs on that node have ended'
    case 'draining':
      return 'run it on another node, or on this one when it is up again'
    default:
      return undefined
  }
}
