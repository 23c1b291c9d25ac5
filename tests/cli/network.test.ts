// Nodes as processes of their own: what `node`, `remote-run`, `id` and `grant` do over a real network.

import { statSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject, STATISTICS } from '../support/project.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { startUcmNode, ucm, ucmJson } from '../support/ucm.ts'

const GUEST = `import { Log, Store } from 'ucm/abilities'
export function* spin() {
  yield* Log.info('begun')
  for (;;) {}
}
export function* visit(who: string) {
  const count = (((yield* Store.get(who)) as number | undefined) ?? 0) + 1
  yield* Store.put(who, count)
  yield* Log.info('visit', { who, count })
  return count
}
`

const project = await makeProject({ 'stats.ts': STATISTICS, 'guest.ts': GUEST })
const me: string = (await ucmJson(['id'])).peerId
const { hash } = (await project.json(['view', 'variance'])).definitions[0]

/** A node over an empty codebase, and its address. */
async function startEmptyNode(...args: readonly string[]) {
  const { folder } = await makeProject()
  const node = await startUcmNode(['--no-mdns', ...args], { cwd: folder })
  return { ...node, folder, address: node.addresses[0] as string }
}

const open = await startEmptyNode('--allow-peer', me, '--allow', 'Log', '--allow', 'Store')

test('id shows a peer id and its file, which only the owner can read', async () => {
  const { peerId, file } = await ucmJson(['id'])
  assert.match(peerId, /^12D3KooW/)
  assert.is(statSync(file).mode & 0o777, 0o600)
  const own = path.join(temporaryFolder(), 'key')
  const other = await ucmJson(['id', '--identity', own])
  assert.is(other.file, own)
  assert.is.not(other.peerId, peerId)
})

test('the ready line of a node is one JSON document; it listens on loopback', () => {
  assert.equal([open.peerId.slice(0, 8), open.addresses.length], ['12D3KooW', 1])
  assert.match(open.address, /^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/12D3KooW/)
  assert.match(open.codebase, open.folder)
})

test('remote-run brings the code along once, and the result is known the second time', async () => {
  const cold = await project.json(['remote-run', 'variance', '[1,2,3,4]', '--node', open.address])
  assert.equal(
    [cold.outcome, cold.value, cold.hash, cold.code, cold.memoised, cold.node],
    ['value', 1.25, hash, 'cold', false, open.peerId],
  )
  assert.equal([cold.fetched.objects, cold.fetched.rounds], [3, 1])
  assert.ok(cold.fetched.bytes > 0)
  const warm = await project.json(['remote-run', 'variance', '[2,4]', '--node', open.address])
  assert.equal([warm.value, warm.code, warm.memoised], [1, 'warm', false])
  assert.equal(warm.fetched, { objects: 0, bytes: 0, rounds: 0 })
  const known = await project.json(['remote-run', 'variance', '[1,2,3,4]', '--node', open.address])
  assert.equal([known.value, known.memoised, known.fuel], [1.25, true, cold.fuel])
})

test('remote-run gives the value and the fuel of run', async () => {
  const here = await project.json(['run', 'variance', '[1,5,9]'])
  const there = await project.json(['remote-run', 'variance', '[1,5,9]', '--node', open.address])
  assert.equal([there.value, there.fuel], [here.value, here.fuel])
})

test('remote-run needs no codebase for a whole hash, by either name of the command', async () => {
  const cwd = temporaryFolder()
  await project.json(['remote-run', 'variance', '[3]', '--node', open.address])
  const { code, json } = await ucm([hash, '[1,3]', '--node', open.address, '--json'], {
    cwd,
    bin: 'remote-run',
  })
  assert.is(code, 0)
  assert.is(json.value, 1)
  const named = await ucm(['remote-run', 'variance', '[1]', '--node', open.address, '--json'], { cwd })
  assert.equal([named.code, named.json.error.code], [1, 'no-codebase'])
})

test('effects are answered by the node, as far as it and the caller allow', async () => {
  const first = await project.ucm(['remote-run', 'visit', '"a"', '--node', open.address])
  assert.equal([first.code, first.json.value], [0, 1])
  assert.match(first.stderr, 'visit {"who":"a","count":1}')
  const narrowed = await project.ucm(['remote-run', 'visit', '"a"', '--node', open.address, '--allow', 'Log'])
  assert.equal([narrowed.code, narrowed.json.error.details], [5, { missing: ['Store'] }])
  const bare = await startEmptyNode('--allow-peer', me)
  const refused = await project.ucm(['remote-run', 'visit', '"a"', '--node', bare.address, '-A'])
  assert.equal([refused.code, refused.json.error.details], [5, { missing: ['Log', 'Store'] }])
  await bare.stop()
})

test('a failure on the node has the place in the caller’s own source', async () => {
  const { code, json } = await project.ucm(['remote-run', 'variance', '[]', '--node', open.address])
  assert.is(code, 3)
  assert.equal(json.error.details.at, { definition: 'mean', file: 'stats.ts', line: 7, column: 30 })
  assert.is(json.node, open.peerId)
})

test('--each keeps many calls in flight on one connection, in order', async () => {
  const input = Array.from({ length: 200 }, (_, i) => `[[${i},${i + 2}]]`).join('\n')
  const { code, stdout, stderr } = await project.ucm(
    ['remote-run', 'variance', '--each', '-', '--node', open.address],
    { input },
  )
  assert.is(code, 0)
  const documents = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.is(documents.length, 200)
  assert.ok(documents.every(({ value, node }) => value === 1 && node === open.peerId))
  assert.match(stderr, '200 calls in')
})

test('a stranger is refused, whether or not the node has the hash', async () => {
  const closed = await startEmptyNode()
  const stranger = ['--identity', path.join(temporaryFolder(), 'key')]
  const results = [
    await project.ucm(['remote-run', 'variance', '[1]', '--node', closed.address]),
    await project.ucm(['remote-run', 'variance', '[1]', '--node', open.address, ...stranger]),
  ]
  for (const { code, json } of results) {
    assert.is(code, 5)
    assert.equal(Object.keys(json), ['error'])
    assert.match(json.error.hint, '--allow-peer')
  }
  assert.is(results[0]?.json.error.message, results[1]?.json.error.message)
  await closed.stop()
})

test('a grant lets a stranger run what it names, until it expires, and nothing else', async () => {
  const key = path.join(temporaryFolder(), 'key')
  const { peerId } = await ucmJson(['id', '--identity', key])
  const document = await ucmJson(['grant', peerId, hash, '--expires', '1h', '--codebase', open.folder])
  assert.equal(Object.keys(document), ['grant', 'issuer', 'audience', 'hashes', 'allow', 'limits', 'expires'])
  assert.equal([document.issuer, document.audience, document.hashes], [open.peerId, peerId, [hash]])
  const granted = ['--node', open.address, '--identity', key, '--grant', document.grant]
  assert.is((await project.json(['remote-run', 'variance', '[1,3]', ...granted])).value, 1)
  assert.is((await project.ucm(['remote-run', 'mean', '[1,3]', ...granted])).code, 5)
  const mine = await project.ucm([
    'remote-run',
    'variance',
    '[1]',
    '--node',
    open.address,
    '--grant',
    document.grant.slice(0, -4),
  ])
  assert.is(mine.code, 0, 'a peer that is allowed needs no grant')
})

test('a node that is not there, and an address that is none', async () => {
  const gone = await startEmptyNode('--allow-peer', me)
  await gone.stop('SIGKILL')
  const unreachable = await project.ucm(['remote-run', 'mean', '[1]', '--node', gone.address])
  assert.equal([unreachable.code, unreachable.json.error.code], [6, 'unreachable'])
  assert.is((await project.ucm(['remote-run', 'mean', '[1]', '--node', 'localhost:4001'])).code, 2)
  const unnamed = await project.ucm(['remote-run', 'mean', '[1]'])
  assert.equal([unnamed.code, unnamed.json.error.code], [2, 'node-missing'])
})

test('a node that dies during a run is a network failure', async () => {
  const dying = await startEmptyNode('--allow-peer', me, '--allow', 'Log')
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const onStderr = (text: string): void => {
    if (text.includes('begun')) begin()
  }
  const limits = ['--fuel', '1000000000000', '--timeout', '60000']
  const run = project.ucm(['remote-run', 'spin', '--node', dying.address, ...limits], { onStderr })
  await begun
  await dying.stop('SIGKILL')
  const { code, json } = await run
  assert.equal([code, json.error.code], [6, 'peer-died'])
  assert.ok(json.error.hint.length > 0)
})

test('a run that is interrupted ends on the node too', async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const onStderr = (text: string): void => {
    if (text.includes('begun')) begin()
  }
  const limits = ['--fuel', '1000000000000', '--timeout', '60000']
  const controller = new AbortController()
  const run = project.ucm(['remote-run', 'spin', '--node', open.address, ...limits], {
    onStderr,
    signal: controller.signal,
  })
  await begun
  controller.abort()
  assert.is((await run).code, -1)
  // The one worker of the node is free again: a fresh call gets through long before the time limit of the other.
  assert.is(
    (await project.json(['remote-run', 'variance', '[1,3]', '--node', open.address, '--no-memo'])).value,
    1,
  )
})

test('a node holds its codebase, and says so to others', async () => {
  const { code, json } = await ucm(['ls', '--json'], { cwd: open.folder })
  assert.equal([code, json.error.code], [1, 'codebase-locked'])
  assert.ok(json.error.hint.length > 0)
})

test('SIGTERM drains a node: what runs may end, the exit code is 0', async () => {
  const draining = await startEmptyNode('--allow-peer', me)
  assert.is((await project.json(['remote-run', 'mean', '[1]', '--node', draining.address])).value, 1)
  assert.is(await draining.stop('SIGTERM'), 0)
  assert.match(draining.stderr(), 'draining')
})

test('a node refuses options that mean nothing', async () => {
  const { folder } = await makeProject()
  for (const args of [
    ['--allow-peer', 'somebody'],
    ['--allow', 'Clok'],
    ['--listen', 'here'],
    ['--provide', 'Store=cloud'],
  ]) {
    assert.is((await ucm(['node', ...args, '--json'], { cwd: folder })).code, 2, args.join(' '))
  }
})

test('the node that served all this ends well', async () => {
  assert.is(await open.stop('SIGINT'), 0)
  const { problems } = await ucmJson(['verify'], { cwd: open.folder })
  assert.equal(problems, [])
})

test.run()
