import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { generateIdentity } from '../../../executor/identity.ts'
import { startNode } from '../../../executor/network/node.ts'
import { addressOf, closeAll, closeLater, failureOf, makeNode } from './support.ts'

test.after.each(closeAll)

test('startNode() listens on loopback only unless it is told otherwise', async () => {
  const { addresses, peerId } = await makeNode()
  assert.is(addresses.length, 1)
  assert.match(addresses[0] as string, new RegExp(`^/ip4/127\\.0\\.0\\.1/tcp/\\d+/p2p/${peerId}$`))
  assert.equal((await makeNode({ listen: [] })).addresses, [])
})

test('startNode() says which address it cannot listen on', async () => {
  const address = addressOf(await makeNode()).replace(/\/p2p\/.*/, '')
  const error = await failureOf(makeNode({ listen: [address] }), 'cannot-listen')
  assert.match(error.message, 'EADDRINUSE')
  assert.match(error.hint ?? '', '--listen')
  await failureOf(makeNode({ listen: ['localhost:4001'] }), 'address-malformed')
})

const MALFORMED: readonly (readonly [target: string, expected: string])[] = [
  ['/ip4/127.0.0.1/tcp/4001', 'ends in /p2p/'],
  ['/ip4/300.0.0.1/tcp/4001/p2p/12D3KooW', 'such as /ip4/'],
  ['localhost:4001', 'a peer id, or an address'],
  ['', 'a peer id, or an address'],
]

for (const [target, expected] of MALFORMED) {
  test(`dial() refuses ${JSON.stringify(target)} and says what is expected`, async () => {
    const error = await failureOf((await makeNode({ listen: [] })).dial(target), 'address-malformed')
    assert.is(error.group, 'usage')
    assert.match(error.message, expected)
  })
}

test('dial() refuses whoever is at the address without being the peer that it names', async () => {
  const { peerId } = await generateIdentity()
  const address = addressOf(await makeNode()).replace(/12D3Koo\w+$/, peerId)
  await failureOf((await makeNode({ listen: [] })).dial(address), 'unreachable')
})

test('dial() of a peer id without an address gives up when nobody announces it', async () => {
  const { peerId } = await generateIdentity()
  for (const mdns of [false, true]) {
    const node = await makeNode({ listen: [], mdns, limits: { discoverMs: 20 } })
    const error = await failureOf(node.dial(peerId), 'unreachable')
    assert.match(error.message, peerId)
  }
})

test('dial() of a peer id finds a node that announces itself on the local network', async () => {
  const node = await makeNode({ mdns: true })
  const caller = await makeNode({ listen: [], mdns: true, limits: { discoverMs: 20_000, dialMs: 25_000 } })
  assert.is((await caller.dial(node.peerId)).peerId, node.peerId)
})

test('dial() uses the connection that there is', async () => {
  const node = await makeNode()
  const caller = await makeNode({ listen: [] })
  const peer = await caller.dial(addressOf(node))
  assert.is(await caller.dial(addressOf(node)), peer)
  assert.is(await caller.dial(node.peerId), peer)
})

test('startNode() stays connected to the peers that it is given, and connects again when they are back', async () => {
  const identity = await generateIdentity()
  const first = await startNode({ identity })
  const address = addressOf(first)
  const node = await makeNode({ peers: [address], limits: { redialMinMs: 5, redialMaxMs: 10 } })
  const hasPeers = async (count: number): Promise<void> => {
    while (node.peers.length !== count) await new Promise((resolve) => setImmediate(resolve))
  }
  await hasPeers(1)
  await first.close()
  await hasPeers(0)
  closeLater(await startNode({ identity, listen: [address.replace(/\/p2p\/.*/, '')] }))
  await hasPeers(1)
  assert.is(node.peers[0]?.peerId, identity.peerId)
})

test('a node that is given its own address does not try to reach itself', async () => {
  const identity = await generateIdentity()
  const node = await makeNode({ identity, peers: [`/ip4/127.0.0.1/tcp/1/p2p/${identity.peerId}`] })
  assert.equal(node.peers, [])
})

test.run()
