import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAllowance } from '#abilities'
import { type Hash, hashObject } from '#codebase'
import { attenuateGrant, makeGrant } from '../../../executor/grant.ts'
import { generateIdentity } from '../../../executor/identity.ts'
import { type Progress } from '../../../executor/network/run-protocol.ts'
import { makeCaller, serve, waitingRun } from './serving.ts'
import { addressOf, chain, closeAll, componentObject, failureOf } from './support.ts'

test.after.each(closeAll)

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
