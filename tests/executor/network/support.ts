// Real nodes on loopback, closures to move between them, and peers that misbehave.

import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { encode as varint } from 'uint8-varint'
import * as assert from 'uvu/assert'
import {
  closureOf,
  encodeComponent,
  type Hash,
  hashObject,
  KnownError,
  type Node,
  type ObjectSource,
} from '#codebase'
import { generateIdentity } from '../../../executor/identity.ts'
import { encodeFrame, type Frame } from '../../../executor/network/frames.ts'
import { type NetworkNode, type NodeOptions, startNode } from '../../../executor/network/node.ts'

/** Objects in memory, as a store serves them. */
export class MemoryObjects implements ObjectSource {
  readonly objects = new Map<Hash, Uint8Array>()

  async get(hash: Hash): Promise<Uint8Array | undefined> {
    return this.objects.get(hash)
  }

  async put(object: Uint8Array): Promise<Hash> {
    const hash = hashObject(object)
    this.objects.set(hash, object)
    return hash
  }

  closure(roots: readonly Hash[], have: ReadonlySet<Hash>): ReturnType<typeof closureOf> {
    return closureOf(this, roots, have)
  }
}

/** A component that says `text` and needs `dependencies`. */
export function componentObject(text: string, dependencies: readonly Hash[] = []): Uint8Array {
  const elements: Node[] = [
    { type: 'String', value: text },
    ...dependencies.map((hash): Node => ({ type: 'Reference', hash, index: 0 })),
  ]
  return encodeComponent({
    members: [{ nominal: null, value: { type: 'Array', elements }, completions: [] }],
  })
}

/** A store that holds a chain of `depth` components, each of `bytes` bytes at least; the last one is the root. */
export async function chain(
  depth: number,
  bytes = 0,
): Promise<{ store: MemoryObjects; root: Hash; hashes: Hash[] }> {
  const store = new MemoryObjects()
  const hashes: Hash[] = []
  for (let index = 0; index < depth; index++) {
    hashes.push(await store.put(componentObject(`${index}`.padEnd(bytes, '.'), hashes.slice(-1))))
  }
  return { store, root: hashes.at(-1) as Hash, hashes }
}

const open: { close(): Promise<void> }[] = []

/** Closes whatever a test has started; for `test.after.each`. */
export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((each) => each.close()))
}

export function closeLater<T extends { close(): Promise<void> }>(resource: T): T {
  open.push(resource)
  return resource
}

export async function makeNode(options: Partial<NodeOptions> = {}): Promise<NetworkNode> {
  return closeLater(await startNode({ identity: await generateIdentity(), ...options }))
}

/** The one address of a node that listens on loopback. */
export function addressOf({ addresses }: NetworkNode): string {
  return addresses[0] as string
}

/** A libp2p peer that answers each stream of `protocol` as it likes. */
export async function hostilePeer(
  protocol: string,
  answer: (stream: Stream, connection: Connection) => void,
): Promise<{ address: string; peerId: string; libp2p: Libp2p }> {
  const libp2p = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  })
  closeLater({ close: async () => libp2p.stop() })
  await libp2p.handle(protocol, answer)
  return { address: String(libp2p.getMultiaddrs()[0]), peerId: libp2p.peerId.toString(), libp2p }
}

/** A frame with its length before it. */
export function framed(frame: Frame): Uint8Array {
  const body = encodeFrame(frame)
  return Buffer.concat([varint(body.length), body])
}

/** The KnownError that `promise` must reject with. */
export async function failureOf(promise: Promise<unknown>, code: string): Promise<KnownError> {
  const error = await promise.then(
    () => assert.unreachable(`expected a failure with code ${code}`),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof KnownError)) throw error
  assert.is(error.code, code, error.message)
  return error
}
