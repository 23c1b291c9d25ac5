import { multiaddr } from '@multiformats/multiaddr'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAllowance } from '#abilities'
import { type Hash, hashObject, type Value } from '#codebase'
import { EVERYTHING } from '../../../executor/authority.ts'
import { attenuateGrant, makeGrant } from '../../../executor/grant.ts'
import { generateIdentity, type Identity } from '../../../executor/identity.ts'
import { fetchClosure } from '../../../executor/network/fetch-protocol.ts'
import type { NetworkLimits } from '../../../executor/network/network-limits.ts'
import type { NetworkNode } from '../../../executor/network/node.ts'
import {
  type RemoteRun,
  runRemotely,
  type ServedNode,
  type ServeOptions,
  serveNode,
} from '../../../executor/network/remote.ts'
import { type Progress, type RemoteResult, RUN_PROTOCOL } from '../../../executor/network/run-protocol.ts'
import { fakeRun, resultOf } from './fake-run.ts'
import {
  addressOf,
  chain,
  closeAll,
  componentObject,
  failureOf,
  framed,
  hostilePeer,
  makeNode,
  MemoryObjects,
} from './support.ts'

test.after.each(closeAll)

interface Server {
  readonly identity: Identity
  readonly node: NetworkNode
  readonly store: MemoryObjects
  readonly run: ReturnType<typeof fakeRun>
  readonly served: ServedNode
}

async function serve(
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
async function makeCaller(identity: Identity): Promise<{
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

test('runRemotely() brings the code to a node that has none of it, once', async () => {
  const identity = await generateIdentity()
  const { store, root } = await chain(12)
  const server = await serve(identity)
  const { call } = await makeCaller(identity)
  const cold = await call(server.node, root, [[1, -0, undefined, 2n]], { objects: store })
  assert.equal(cold.outcome, { kind: 'value', value: [1, -0, undefined, 2n] })
  assert.is(cold.code, 'cold')
  assert.is(cold.node, server.node.peerId)
  const bytes = [...store.objects.values()].reduce((sum, { length }) => sum + length, 0)
  assert.equal(cold.fetched, { objects: 12, bytes, rounds: 1 })
  assert.equal([...server.store.objects.keys()], [...store.objects.keys()], 'dependencies first')
  const warm = await call(server.node, root, ['x'])
  assert.is(warm.code, 'warm')
  assert.equal(warm.fetched, { objects: 0, bytes: 0, rounds: 0 })
  assert.equal(warm.trace, ['one', 'two'])
})

test('runRemotely() brings only what has changed', async () => {
  const identity = await generateIdentity()
  const { store, root, hashes } = await chain(12)
  const server = await serve(identity)
  const { call } = await makeCaller(identity)
  await call(server.node, root, [], { objects: store })
  const changed = await store.put(componentObject('changed', [hashes[10] as Hash]))
  assert.is((await call(server.node, changed, [], { objects: store })).fetched.objects, 1)
})

test('serveNode() fetches a closure once for all runs that wait for it', async () => {
  const identity = await generateIdentity()
  const { store, root } = await chain(30)
  const server = await serve(identity)
  const { call } = await makeCaller(identity)
  const results = await Promise.all(
    Array.from({ length: 10 }, (_, n) => call(server.node, root, [n], { objects: store })),
  )
  assert.equal(
    results.map(({ outcome }) => outcome.kind === 'value' && outcome.value),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  )
  assert.is(
    results.reduce((sum, { fetched }) => sum + fetched.objects, 0),
    30,
  )
})

test('serveNode() takes code that the caller has not from another peer that it knows', async () => {
  const caller = await generateIdentity()
  const { store, root } = await chain(5)
  const server = await serve(caller)
  const friend = await serve(server.identity, { objects: store })
  await server.node.dial(addressOf(friend.node))
  const { call } = await makeCaller(caller)
  const { code, fetched } = await call(server.node, root, ['x'])
  assert.is(code, 'cold')
  assert.is(fetched.objects, 5)
})

test('serveNode() refuses what nobody has, and the hint says what to do', async () => {
  const identity = await generateIdentity()
  const server = await serve(identity)
  const { call } = await makeCaller(identity)
  const error = await failureOf(call(server.node, hashObject(componentObject('nowhere')), []), 'code-missing')
  assert.match(error.hint ?? '', 'connect the node to a peer that has it')
})

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

test('serveNode() runs with a grant what it names, with no more than it allows', async () => {
  const [alice, bob] = await Promise.all([generateIdentity(), generateIdentity()])
  const { store, root } = await chain(1)
  const server = await serve(undefined)
  const terms = {
    references: [{ hash: root, index: 0 }],
    allowances: ['Log', 'Http=a.example'].map(parseAllowance),
    limits: { fuel: 100 },
    expiresMs: 2_000,
    nonce: new Uint8Array(16),
  }
  const grant = await makeGrant(server.identity.signer, { ...terms, audience: alice.peerId })
  const handedOn = await attenuateGrant(grant, alice.signer, {
    ...terms,
    audience: bob.peerId,
    limits: { timeMs: 5 },
    allowances: [parseAllowance('Log')],
  })
  const { call } = await makeCaller(bob)
  await failureOf(call(server.node, root, [], { objects: store, grant }), 'not-allowed')
  await call(server.node, root, [], { objects: store, grant: handedOn })
  const [request] = server.run.requests
  assert.equal(request?.allow, [parseAllowance('Log')])
  assert.equal(request?.limits, { fuel: 100, timeMs: 5 })
})

test('runRemotely() passes on a failure with its frames, and the lines of its log as they come', async () => {
  const identity = await generateIdentity()
  const { store, root } = await chain(1)
  const server = await serve(identity)
  const { call } = await makeCaller(identity)
  const failed = await call(server.node, root, ['fail'], { objects: store })
  assert.equal(failed.outcome, {
    kind: 'failure',
    error: { name: 'Error', message: 'no', frames: [{ reference: { hash: root, index: 0 }, node: 3 }] },
  })
  const heard: Progress[] = []
  const controller = new AbortController()
  const waiting = call(server.node, root, ['wait'], {
    signal: controller.signal,
    onProgress(progress) {
      heard.push(progress)
      if (progress.kind === 'log') controller.abort(new Error('enough'))
    },
  })
  const error = await waiting.catch((thrown: Error) => thrown)
  assert.is((error as Error).message, 'enough')
  assert.equal(heard, [
    { kind: 'accepted', code: 'warm', fetched: { objects: 0, bytes: 0, rounds: 0 } },
    { kind: 'log', line: { level: 'info', message: 'waiting', attributes: { since: 1n } } },
  ])
})

test('serveNode() tells a caller nothing of a fault of its own but that there was one', async () => {
  const identity = await generateIdentity()
  const { store, root } = await chain(1)
  const server = await serve(identity)
  const { call } = await makeCaller(identity)
  const error = await failureOf(call(server.node, root, ['throw'], { objects: store }), 'node-failed')
  assert.not.match(error.message, 'secret')
})

/** Starts a run that waits, and resolves once it does. */
async function waitingRun(
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

test('serveNode() cancels runs that their caller cancels, or whose caller goes', async () => {
  const identity = await generateIdentity()
  const { store, root } = await chain(1)
  const cancelled = [Promise.withResolvers<unknown>(), Promise.withResolvers<unknown>()] as const
  let runs = 0
  const server = await serve(identity, {
    run: (_request, { signal, onLog }) => {
      const each = cancelled[runs++]
      signal.addEventListener('abort', () => each?.resolve(signal.reason))
      onLog({ level: 'info', message: 'waiting' })
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    },
  })
  await server.store.put(store.objects.get(root) as Uint8Array)
  const { node, call } = await makeCaller(identity)
  const controller = new AbortController()
  const first = await waitingRun(call, server, root, controller.signal)
  const second = await waitingRun(call, server, root)
  controller.abort(new Error('enough'))
  await first.ended.catch(() => {})
  assert.is(((await cancelled[0].promise) as { code: string }).code, 'cancelled')
  await node.close()
  assert.is(((await cancelled[1].promise) as { code: string }).code, 'peer-closed')
  await failureOf(second.ended, 'peer-died')
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

test('close() of a node lets runs end, then cancels what does not, and refuses new ones', async () => {
  const identity = await generateIdentity()
  const { store, root } = await chain(1)
  const server = await serve(identity, {}, { drainGraceMs: 300 })
  await server.store.put(store.objects.get(root) as Uint8Array)
  const { call } = await makeCaller(identity)
  const { ended } = await waitingRun(call, server, root)
  const closing = server.served.close()
  await failureOf(call(server.node, root, []), 'draining')
  await failureOf(ended, 'draining')
  await closing
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

test('two nodes of one identity are each served over their own connection', async () => {
  const identity = await generateIdentity()
  const server = await serve(identity)
  const [one, two] = await Promise.all([makeCaller(identity), makeCaller(identity)])
  const [a, b] = await Promise.all([chain(2), chain(3)])
  const results = await Promise.all([
    one.call(server.node, a.root, ['a'], { objects: a.store }),
    two.call(server.node, b.root, ['b'], { objects: b.store }),
  ])
  assert.equal(
    results.map(({ fetched }) => fetched.objects),
    [2, 3],
  )
})

test.run()
