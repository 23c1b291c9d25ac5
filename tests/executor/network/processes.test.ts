// A node in another process, which is killed or stopped while it runs.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EVERYTHING } from '../../../executor/authority.ts'
import { generateIdentity } from '../../../executor/identity.ts'
import type { NetworkLimits } from '../../../executor/network/network-limits.ts'
import { type RemoteRun, runRemotely } from '../../../executor/network/remote.ts'
import type { RemoteResult } from '../../../executor/network/run-protocol.ts'
import { chain, closeAll, closeLater, failureOf, makeNode } from './support.ts'

test.after.each(closeAll)

interface Remote {
  readonly child: ChildProcess
  run(first: string, more?: Partial<RemoteRun>): Promise<RemoteResult>
}

async function remoteNode(
  limits: Partial<NetworkLimits> = {},
  environment: NodeJS.ProcessEnv = {},
): Promise<Remote> {
  const identity = await generateIdentity()
  const script = path.join(import.meta.dirname, 'node-process.ts')
  const child = spawn(process.execPath, [script, identity.peerId], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  })
  closeLater({
    async close() {
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL'))
        await once(child, 'exit')
    },
  })
  const [target] = (await once(createInterface(child.stdout), 'line')) as [string]
  const node = await makeNode({ identity, listen: [], limits })
  const { store, root } = await chain(3)
  const request = { reference: { hash: root, index: 0 }, allow: EVERYTHING } as const
  return {
    child,
    run: (first, more) =>
      runRemotely({ node, target, request: { ...request, args: [first] }, objects: store, ...more }),
  }
}

/** Starts a run that waits for its cancellation, and sends `signal` to the node once it runs. */
async function runUntil({ child, run }: Remote, signal: NodeJS.Signals): Promise<void> {
  const error = await failureOf(
    run('wait', { onProgress: ({ kind }) => kind === 'log' && child.kill(signal) }),
    'peer-died',
  )
  assert.is(error.group, 'network')
  assert.match(error.message, /Cannot finish run: the node 12D3Koo\w+ went away/)
  assert.match(error.hint ?? '', 'run again')
}

test('runRemotely() brings code to a node in another process, and its result back', async () => {
  const { child, run } = await remoteNode()
  const { code, fetched, outcome } = await run('value')
  assert.is(code, 'cold')
  assert.is(fetched.objects, 3)
  assert.equal(outcome, { kind: 'value', value: 'value' })
  child.stdin?.end()
  assert.equal(await once(child, 'exit'), [0, null])
})

test('runRemotely() notices at once that the node was killed', async () => {
  // Silence is not what tells it: the pings are turned off.
  await runUntil(await remoteNode({ keepAliveIntervalMs: 2 ** 30 }), 'SIGKILL')
})

test('runRemotely() notices by its pings that the node has stopped', async () => {
  await runUntil(await remoteNode({ keepAliveIntervalMs: 100, keepAliveMs: 200 }), 'SIGSTOP')
})

test('a node that is gone is unreachable', async () => {
  const { child, run } = await remoteNode()
  child.kill('SIGKILL')
  await once(child, 'exit')
  const error = await failureOf(run('value'), 'unreachable')
  assert.match(error.message, /Cannot reach \/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/12D3Koo\w+: .*ECONNREFUSED/)
})

test('no line of libp2p’s log reaches the terminal, whatever DEBUG says', async () => {
  const identity = await generateIdentity()
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, 'node-process.ts'), identity.peerId],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, DEBUG: '*', NODE_NO_WARNINGS: '' },
    },
  )
  let shown = ''
  child.stderr.on('data', (chunk) => (shown += chunk))
  const [target] = (await once(createInterface(child.stdout), 'line')) as [string]
  const node = await makeNode({ identity, listen: [] })
  const { store, root } = await chain(1)
  await runRemotely({
    node,
    target,
    objects: store,
    request: { reference: { hash: root, index: 0 }, args: [1], allow: EVERYTHING },
  })
  child.stdin.end()
  await once(child, 'close')
  assert.is(shown, '')
})

test.run()
