// The ways into this folder for the others. Each loads its part when it is first called,
// since libp2p takes longer to load than most local commands take to run.

import type { NetworkNode, NodeOptions } from './node.ts'
import type { RemoteRun, ServedNode, ServeOptions } from './remote.ts'
import type { RemoteResult } from './run-protocol.ts'

/** Starts a node. @throws KnownError usage `address-malformed`; network `cannot-listen` */
export async function startNode(options: NodeOptions): Promise<NetworkNode> {
  return (await import('./node.ts')).startNode(options)
}

/** Serves fetch and run on a node, to those it is told to allow and to no one else. */
export async function serveNode(options: ServeOptions): Promise<ServedNode> {
  return (await import('./remote.ts')).serveNode(options)
}

/**
 * Runs on another node and returns what came of it once its receipt has been verified.
 * @throws KnownError as the node refuses, with a hint; `receipt-invalid`; PeerError; the signal's reason
 */
export async function runRemotely(run: RemoteRun): Promise<RemoteResult> {
  return (await import('./remote.ts')).runRemotely(run)
}
