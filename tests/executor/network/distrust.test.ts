// What nodes and callers do not believe, do not give and do not bear.

import { multiaddr } from '@multiformats/multiaddr'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Hash, hashObject } from '#codebase'
import { EVERYTHING } from '../../../executor/authority.ts'
import { generateIdentity } from '../../../executor/identity.ts'
import { fetchClosure } from '../../../executor/network/fetch-protocol.ts'
import { runRemotely, type ServeOptions } from '../../../executor/network/remote.ts'
import { RUN_PROTOCOL } from '../../../executor/network/run-protocol.ts'
import { resultOf } from './fake-run.ts'
import { makeCaller, type Server, serve, waitingRun } from './serving.ts'
import {
  addressOf,
  chain,
  closeAll,
  componentObject,
  failureOf,
  framed,
  hostilePeer,
  makeNode,
} from './support.ts'

test.after.each(closeAll)

test('serveNode() runs nothing for a stranger, whether or not it has the code', async () => {
  const { store, root } = await chain(2)
  const server = await serve(undefined, { objects: store })
  const stranger = await generateIdentity()
  const { call } = await makeCaller(stranger)
  const known = await failureOf(call(server.node, root, []), 'not-allowed')
  const unknown = await failureOf(
    call(server.node, hashObject(componentObject('nowhere')), []),
    'not-allowed',
  )
  const badGrant = await failureOf(call(server.node, root, [], { grant: 'mycel-grant:AAAA' }), 'not-allowed')
  assert.is(known.message, unknown.message)
  assert.is(known.message, badGrant.message)
  assert.is(known.group, 'policy')
  assert.match(known.hint ?? '', `--allow-peer ${stranger.peerId}`)
  assert.equal(server.run.requests, [])
})

test('serveNode() gives no code to a stranger', async () => {
  const { store, root } = await chain(2)
  const server = await serve(undefined, { objects: store })
  const node = await makeNode({ listen: [] })
  const fetching = fetchClosure(
    await node.dial(addressOf(server.node)),
    { roots: [root], have: new Set() },
    { limits: node.limits },
  )
  await failureOf(fetching, 'closure-unavailable')
})

test('runRemotely() serves its code only while the run is under way, and nothing else', async () => {
  const identity = await generateIdentity()
  const { store, root, hashes } = await chain(3)
  const secret = await store.put(componentObject('secret'))
  const seen: string[] = []
  const { node, call } = await makeCaller(identity)
  const server = await serve(identity, {
    async run(request) {
      const [peer] = server.node.peers
      for (const wanted of [root, hashes[0] as Hash, secret]) {
        const fetching = fetchClosure(
          peer as NonNullable<typeof peer>,
          { roots: [wanted], have: new Set() },
          { limits: node.limits },
        )
        seen.push(
          await fetching.then(
            () => 'given',
            (error) => error.code,
          ),
        )
      }
      return resultOf(request, { kind: 'value', value: 1 }, { signer: server.identity.signer })
    },
  })
  await call(server.node, root, [], { objects: store })
  assert.equal(seen, ['given', 'closure-unavailable', 'closure-unavailable'])
  await call(server.node, root, [])
  assert.equal(seen.slice(3), ['closure-unavailable', 'closure-unavailable', 'closure-unavailable'])
})

test('serveNode() tells a caller nothing of a fault of its own but that there was one', async () => {
  const identity = await generateIdentity()
  const { store, root } = await chain(1)
  const server = await serve(identity)
  const { call } = await makeCaller(identity)
  const error = await failureOf(call(server.node, root, ['throw'], { objects: store }), 'node-failed')
  assert.not.match(error.message, 'secret')
})

test('serveNode() refuses more runs at once than one peer may have', async () => {
  const identity = await generateIdentity()
  const { store, root } = await chain(1)
  const server = await serve(identity, {}, { maxRunsPerPeer: 2 })
  await server.store.put(store.objects.get(root) as Uint8Array)
  const { call } = await makeCaller(identity)
  const runs = [await waitingRun(call, server, root), await waitingRun(call, server, root)]
  await failureOf(call(server.node, root, []), 'busy')
  for (const { ended } of runs) ended.catch(() => {})
})

test('runRemotely() believes no outcome whose receipt is not the node’s own for this call', async () => {
  const identity = await generateIdentity()
  const other = await generateIdentity()
  const { store, root } = await chain(1)
  const lies: readonly ServeOptions['run'][] = [
    (request) => resultOf(request, { kind: 'value', value: 1 }, { signer: other.signer }),
    (request) =>
      resultOf(
        request,
        { kind: 'value', value: 1 },
        { signer: { peerId: server.identity.peerId, sign: (bytes) => other.signer.sign(bytes) } },
      ),
    (request) =>
      resultOf(
        { ...request, args: ['other'] },
        { kind: 'value', value: 1 },
        { signer: server.identity.signer },
      ),
    async (request) => ({
      ...(await resultOf(request, { kind: 'value', value: 1 }, { signer: server.identity.signer })),
      outcome: { kind: 'value', value: 2 },
    }),
  ]
  let lie = 0
  const server: Server = await serve(identity, {
    run: (request, context) => (lies[lie] as ServeOptions['run'])(request, context),
  })
  await server.store.put(store.objects.get(root) as Uint8Array)
  const { call } = await makeCaller(identity)
  for (; lie < lies.length; lie++) await failureOf(call(server.node, root, ['x']), 'receipt-invalid')
})

const ROOT = hashObject(componentObject('root'))
const accepted = framed({ type: 'accepted', id: 1, code: 'warm', objects: 0, bytes: 0, rounds: 0 })
const outcome = framed({
  type: 'outcome',
  id: 1,
  outcome: { kind: 'refused', missing: [] },
  receipt: new Uint8Array([1]),
  fuel: 0,
  memoised: false,
  ms: 0,
})

const MISBEHAVIOUR: readonly (readonly [what: string, code: string, sends: readonly Uint8Array[]])[] = [
  ['an outcome before it accepted', 'malformed-frame', [outcome]],
  ['an object', 'malformed-frame', [framed({ type: 'end', id: 1 })]],
  [
    'a value that is none',
    'malformed-frame',
    [
      accepted,
      framed({ type: 'log', id: 1, level: 'info', message: '', attributes: new Uint8Array([0xff]) }),
    ],
  ],
  ['a receipt that is none', 'malformed-object', [accepted, outcome]],
  [
    'more lines than one takes',
    'malformed-frame',
    [accepted, framed({ type: 'trace', id: 1, lines: Array(11).fill('line') })],
  ],
  ['nothing', 'peer-stalled', []],
]

for (const [what, code, sends] of MISBEHAVIOUR) {
  test(`runRemotely() fails clearly when the node sends ${what}`, async () => {
    const peer = await hostilePeer(RUN_PROTOCOL, (stream) =>
      stream.addEventListener('message', () => {
        for (const chunk of sends) stream.send(chunk)
      }),
    )
    const node = await makeNode({
      listen: [],
      limits: { maxTraceLines: 10, ...(code === 'peer-stalled' && { acceptMs: 50 }) },
    })
    const request = { reference: { hash: ROOT, index: 0 }, args: [], allow: EVERYTHING } as const
    await failureOf(runRemotely({ node, target: peer.address, request }), code)
  })
}

test('runRemotely() refuses to send, and a node to answer, more than one frame holds', async () => {
  const identity = await generateIdentity()
  const { store, root } = await chain(1)
  const server = await serve(
    identity,
    {
      run: (request) =>
        resultOf(request, { kind: 'value', value: 'x'.repeat(5_000) }, { signer: server.identity.signer }),
    },
    { maxFrameBytes: 4_000 },
  )
  await server.store.put(store.objects.get(root) as Uint8Array)
  const node = await makeNode({ identity, listen: [], limits: { maxFrameBytes: 3_000 } })
  const request = { reference: { hash: root, index: 0 }, allow: EVERYTHING } as const
  for (const args of [['x'.repeat(3_000)], ['x']]) {
    const error = await failureOf(
      runRemotely({ node, target: addressOf(server.node), request: { ...request, args } }),
      'message-too-large',
    )
    assert.is(error.group, 'limit')
  }
})

test('serveNode() drops lines of log that its caller does not read, and says how many', async () => {
  const identity = await generateIdentity()
  const { store, root } = await chain(1)
  const message = 'x'.repeat(100_000)
  const server = await serve(
    identity,
    {
      async run(request, { onLog }) {
        for (let line = 0; line < 300; line++) onLog({ level: 'info', message })
        return resultOf(request, { kind: 'value', value: 1 }, { signer: server.identity.signer })
      },
    },
    { maxUnreadLines: 10 },
  )
  await server.store.put(store.objects.get(root) as Uint8Array)
  const { call } = await makeCaller(identity)
  const heard: string[] = []
  await call(server.node, root, [], {
    onProgress: (progress) => progress.kind === 'log' && heard.push(progress.line.message),
  })
  assert.is(heard.pop(), `${300 - heard.length} lines were dropped: they were read too slowly`)
  assert.ok(heard.length >= 10 && heard.every((line) => line === message))
})

test('serveNode() drops a peer that asks for runs without reading the refusals', async () => {
  const server = await serve(undefined, {}, { maxRunsPerPeer: 2 })
  const peer = await hostilePeer('/none', () => {})
  const connection = await peer.libp2p.dial(multiaddr(addressOf(server.node)))
  const stream = await connection.newStream(RUN_PROTOCOL)
  const closed = new Promise((resolve) => connection.addEventListener('close', resolve, { once: true }))
  const args = new Uint8Array([0x80])
  const rest = { reference: ROOT, args, allow: null, limits: [], memo: true, grant: null } as const
  stream.pause()
  for (let id = 0; id < 10_000 && stream.status === 'open'; id++) {
    const hasRoom = stream.send(framed({ type: 'run', id, ...rest }))
    if (!hasRoom) await Promise.race([stream.onDrain().catch(() => {}), closed])
  }
  await closed
})

test.run()
