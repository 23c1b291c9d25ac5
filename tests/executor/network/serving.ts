// Nodes that serve runs, and callers of them, for tests.

import { type Hash, type Value } from '#codebase'
import { EVERYTHING } from '../../../executor/authority.ts'
import { generateIdentity, type Identity } from '../../../executor/identity.ts'
import type { NetworkLimits } from '../../../executor/network/network-limits.ts'
import type { NetworkNode } from '../../../executor/network/node.ts'
import {
  type RemoteRun,
  runRemotely,
  type ServedNode,
  type ServeOptions,
  serveNode,
} from '../../../executor/network/remote.ts'
import { type RemoteResult } from '../../../executor/network/run-protocol.ts'
import { fakeRun } from './fake-run.ts'
import { addressOf, makeNode, MemoryObjects } from './support.ts'

export interface Server {
  readonly identity: Identity
  readonly node: NetworkNode
  readonly store: MemoryObjects
  readonly run: ReturnType<typeof fakeRun>
  readonly served: ServedNode
}

/** A node that serves runs; `caller` may run what it likes. */
export async function serve(
  caller: Identity | undefined,
  more: Partial<ServeOptions> = {},
  limits: Partial<NetworkLimits> = {},
): Promise<Server> {
  const identity = await generateIdentity()
  const node = await makeNode({ identity, limits })
  const store = new MemoryObjects()
  const run = fakeRun(identity.signer)
  const served = await serveNode({
    node,
    objects: store,
    put: (object) => store.put(object),
    run,
    allowPeers: new Set(caller ? [caller.peerId] : []),
    allowances: [],
    clock: () => 1_000,
    ...more,
  })
  return { identity, node, store, run, served }
}

/** A caller with its own node that has called nobody yet. */
export async function makeCaller(identity: Identity): Promise<{
  node: NetworkNode
  call: (
    server: NetworkNode,
    root: Hash,
    args: readonly Value[],
    more?: Partial<RemoteRun> & { grant?: string },
  ) => Promise<RemoteResult>
}> {
  const node = await makeNode({ identity, listen: [] })
  return {
    node,
    call: (server, root, args, { grant, ...more } = {}) =>
      runRemotely({
        node,
        target: addressOf(server),
        request: { reference: { hash: root, index: 0 }, args, allow: EVERYTHING, grant },
        ...more,
      }),
  }
}

/** Starts a run that waits, and resolves once it does. */
export async function waitingRun(
  call: Awaited<ReturnType<typeof makeCaller>>['call'],
  server: Server,
  root: Hash,
  signal?: AbortSignal,
): Promise<{ ended: Promise<RemoteResult> }> {
  const begun = Promise.withResolvers<void>()
  const ended = call(server.node, root, ['wait'], {
    ...(signal && { signal }),
    onProgress: ({ kind }) => kind === 'log' && begun.resolve(),
  })
  ended.catch(begun.reject)
  await begun.promise
  return { ended }
}
