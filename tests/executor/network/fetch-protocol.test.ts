import type { Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Hash, hashObject } from '#codebase'
import {
  FETCH_PROTOCOL,
  type FetchedClosure,
  fetchClosure,
  serveFetch,
} from '../../../executor/network/fetch-protocol.ts'
import type { NetworkNode } from '../../../executor/network/node.ts'
import {
  addressOf,
  chain,
  closeAll,
  componentObject,
  failureOf,
  framed,
  hostilePeer,
  makeNode,
  type MemoryObjects,
} from './support.ts'

test.after.each(closeAll)

const NONE: ReadonlySet<Hash> = new Set()

/** Fetches `roots` from the peer at `address`, as a node that listens nowhere. */
async function fetchFrom(
  address: string,
  roots: readonly Hash[],
  have = NONE,
  limits = {},
): Promise<FetchedClosure> {
  const node = await makeNode({ listen: [], limits })
  return fetchOver(node, address, roots, have)
}

async function fetchOver(
  node: NetworkNode,
  address: string,
  roots: readonly Hash[],
  have = NONE,
): Promise<FetchedClosure> {
  return fetchClosure(await node.dial(address), { roots, have }, { limits: node.limits })
}

async function serving(
  objects: MemoryObjects,
  mayFetch = (_peerId: string): boolean => true,
): Promise<NetworkNode> {
  const node = await makeNode()
  await serveFetch(node, { objects, mayFetch })
  return node
}

test('fetchClosure() brings a closure of any depth in one round, dependencies first', async () => {
  const { store, root, hashes } = await chain(300)
  const fetched = await fetchFrom(addressOf(await serving(store)), [root])
  assert.equal([...fetched.objects.keys()], hashes)
  assert.equal([...fetched.objects.values()], [...store.objects.values()])
  assert.is(fetched.rounds, 1)
})

test('fetchClosure() leaves out what is there already, and all below it', async () => {
  const { store, root, hashes } = await chain(20)
  const fetched = await fetchFrom(addressOf(await serving(store)), [root], new Set([hashes[16] as Hash]))
  assert.equal([...fetched.objects.keys()], hashes.slice(17))
})

test('fetchClosure() brings what several at once ask for over one stream', async () => {
  const { store, hashes } = await chain(40, 10_000)
  const node = await makeNode({ listen: [] })
  const address = addressOf(await serving(store))
  const fetched = await Promise.all(hashes.slice(-10).map((root) => fetchOver(node, address, [root])))
  assert.equal(
    fetched.map(({ objects }) => objects.size),
    [31, 32, 33, 34, 35, 36, 37, 38, 39, 40],
  )
})

test('serveFetch() refuses with one text what is absent and what is not for this peer', async () => {
  const { store, root } = await chain(2)
  const absent = hashObject(componentObject('absent'))
  const texts = []
  for (const [served, wanted] of [
    [false, root],
    [false, absent],
    [true, absent],
  ] as const) {
    const error = await failureOf(
      fetchFrom(addressOf(await serving(store, () => served)), [wanted]),
      'closure-unavailable',
    )
    texts.push(error.message.replaceAll(/#\w+|12D3Koo\w+/g, '…'))
  }
  assert.is(new Set(texts).size, 1)
})

test('fetchClosure() refuses a closure beyond its bounds while it arrives', async () => {
  const { store, root } = await chain(50, 100_000)
  const address = addressOf(await serving(store))
  await failureOf(fetchFrom(address, [root], NONE, { maxClosureBytes: 1_000_000 }), 'closure-too-large')
  await failureOf(fetchFrom(address, [root], NONE, { maxClosureObjects: 49 }), 'closure-too-large')
})

test('fetchClosure() ends when its signal does', async () => {
  const silent = await hostilePeer(FETCH_PROTOCOL, () => {})
  const node = await makeNode({ listen: [] })
  const controller = new AbortController()
  const peer = await node.dial(silent.address)
  const fetching = fetchClosure(
    peer,
    { roots: [ROOT], have: NONE },
    { limits: node.limits, signal: controller.signal },
  )
  controller.abort(new Error('enough'))
  const error = await fetching.catch((thrown: Error) => thrown)
  assert.is((error as Error).message, 'enough')
})

// Peers that misbehave. Each sees the request arrive and then sends what the table says.

const LEAF = componentObject('leaf')
const TREE = componentObject('tree', [hashObject(LEAF)])
const ROOT = hashObject(TREE)
const OTHER = componentObject('something else')

const leaf = framed({ type: 'object', id: 1, hash: hashObject(LEAF), object: LEAF })
const tree = framed({ type: 'object', id: 1, hash: ROOT, object: TREE })
const other = framed({ type: 'object', id: 1, hash: hashObject(OTHER), object: OTHER })
const end = framed({ type: 'end', id: 1 })
const receipt = new Uint8Array([0x83, 0, 3, 0x80])

const LIES: readonly (readonly [what: string, code: string, sends: readonly Uint8Array[]])[] = [
  [
    'other bytes under the hash that was asked for',
    'peer-lied',
    [leaf, framed({ type: 'object', id: 1, hash: ROOT, object: OTHER }), end],
  ],
  ['an object for which nobody asked', 'peer-lied', [leaf, other, tree, end]],
  ['an object twice', 'peer-lied', [leaf, leaf, tree, end]],
  ['an object before what it needs', 'peer-lied', [tree, leaf, end]],
  [
    'an object that is no component',
    'peer-lied',
    [framed({ type: 'object', id: 1, hash: hashObject(receipt), object: receipt }), end],
  ],
  ['less than was asked for', 'peer-lied', [leaf, end]],
  [
    'an answer to another question',
    'peer-lied',
    [
      framed({
        type: 'outcome',
        id: 1,
        outcome: { kind: 'refused', missing: [] },
        receipt,
        fuel: 0,
        memoised: false,
        ms: 0,
      }),
    ],
  ],
  ['a frame of 2^31 bytes', 'frame-too-large', [new Uint8Array([0x80, 0x80, 0x80, 0x80, 0x08])]],
  ['a length without end', 'frame-too-large', [new Uint8Array(64).fill(0xff)]],
  ['a length in a longer form', 'malformed-frame', [new Uint8Array([0x81, 0x00, 0xf6])]],
  ['bytes that are no frame', 'malformed-frame', [new Uint8Array([4, 0xde, 0xad, 0xbe, 0xef])]],
  ['a frame with a bigint bomb in it', 'malformed-frame', [new Uint8Array([3, 0xc2, 0x41, 0xff])]],
]

function sending(
  chunks: readonly Uint8Array[],
  then: (stream: Stream) => void = () => {},
): (stream: Stream) => void {
  return (stream) =>
    stream.addEventListener(
      'message',
      () => {
        for (const chunk of chunks) stream.send(chunk)
        then(stream)
      },
      { once: true },
    )
}

for (const [what, code, sends] of LIES) {
  test(`fetchClosure() drops a peer that sends ${what}, and does not speak to it again`, async () => {
    const liar = await hostilePeer(FETCH_PROTOCOL, sending(sends))
    const node = await makeNode({ listen: [] })
    const error = await failureOf(fetchOver(node, liar.address, [ROOT]), code)
    assert.is(error.group, 'network')
    assert.is(error.details['peer'], liar.peerId)
    assert.match(error.message, liar.peerId)
    assert.equal(node.peers, [])
    assert.is(await failureOf(node.dial(liar.address), code), error)
  })
}

test('fetchClosure() reports a frame that is cut off as a peer that went', async () => {
  const cut = await hostilePeer(
    FETCH_PROTOCOL,
    sending([leaf, tree.subarray(0, 20)], (stream) => void stream.close()),
  )
  const error = await failureOf(fetchFrom(cut.address, [ROOT]), 'peer-closed')
  assert.match(error.message, 'in the middle of a frame')
})

test('fetchClosure() reports a peer that resets the stream', async () => {
  const gone = await hostilePeer(
    FETCH_PROTOCOL,
    sending([leaf], (stream) => stream.abort(new Error('gone'))),
  )
  await failureOf(fetchFrom(gone.address, [ROOT]), 'peer-closed')
})

test('fetchClosure() gives up on a peer that sends nothing, or nothing more', async () => {
  for (const sends of [[], [leaf], [leaf, tree.subarray(0, 20)]]) {
    const staller = await hostilePeer(FETCH_PROTOCOL, sending(sends))
    const error = await failureOf(fetchFrom(staller.address, [ROOT], NONE, { silenceMs: 50 }), 'peer-stalled')
    assert.match(error.message, staller.peerId)
  }
})

test('serveFetch() drops a peer that sends garbage, and goes on serving others', async () => {
  const { store, root } = await chain(3)
  const node = await serving(store)
  const attacker = await hostilePeer('/none', () => {})
  const connection = await attacker.libp2p.dial(multiaddr(addressOf(node)))
  const stream = await connection.newStream(FETCH_PROTOCOL)
  const closed = new Promise((resolve) => connection.addEventListener('close', resolve, { once: true }))
  stream.send(new Uint8Array([0x80, 0x80, 0x80, 0x80, 0x08]))
  await closed
  assert.is((await fetchFrom(addressOf(node), [root])).objects.size, 3)
})

test('serveFetch() gives up on a peer that reads nothing', async () => {
  const { store, root } = await chain(40, 200_000)
  const node = await makeNode({ limits: { drainMs: 500 } })
  await serveFetch(node, { objects: store, mayFetch: () => true })
  const sloth = await hostilePeer('/none', () => {})
  const connection = await sloth.libp2p.dial(multiaddr(addressOf(node)))
  const stream = await connection.newStream(FETCH_PROTOCOL)
  stream.pause()
  const reset = new Promise((resolve) => stream.addEventListener('close', resolve, { once: true }))
  stream.send(framed({ type: 'want', id: 1, roots: [root], have: [] }))
  await reset
  assert.is((await fetchFrom(addressOf(node), [root])).objects.size, 40)
})

test.run()
