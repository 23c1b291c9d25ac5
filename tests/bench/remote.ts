// A call on another process over libp2p, cold and warm, beside a plain TCP echo between two processes.

import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { once } from 'node:events'
import { Codebase, parseReference, type Reference } from '#codebase'
import { EVERYTHING, loadIdentity, runRemotely, startNode } from '#executor'
import { startUcmNode, ucmJson } from '../support/ucm.ts'
import { inNewFolder, median, percentile, type Row, startEcho, timeMs } from './measure.ts'

const COLD = 40
const WARM = 400

async function echoTimes(): Promise<number[]> {
  const echo = await startEcho()
  const socket = connect(echo.port, '127.0.0.1').setNoDelay(true)
  await once(socket, 'connect')
  const times: number[] = []
  for (let round = 0; round < WARM; round++) {
    times.push(
      await timeMs(async () => {
        socket.write('x'.repeat(100))
        await once(socket, 'data')
      }),
    )
  }
  socket.destroy()
  echo.stop()
  return times
}

export async function benchRemote(): Promise<Row[]> {
  return inNewFolder(measureIn)
}

async function measureIn(folder: string): Promise<Row[]> {
  const env = { XDG_CONFIG_HOME: path.join(folder, 'config') }
  const sources = Array.from(
    { length: COLD },
    (_, index) => `export function f${index}(x: number) { return step(x) + ${index} }`,
  )
  writeFileSync(
    path.join(folder, 'f.ts'),
    `function step(x: number) { return x * 2 }\n${sources.join('\n')}\nexport const warm = (x: number) => step(x)\n`,
  )
  await ucmJson(['init'], { cwd: folder, env })
  await ucmJson(['init', 'node'], { cwd: folder, env })
  const { added: definitions } = (await ucmJson(['add', 'f.ts'], { cwd: folder, env })) as {
    added: { name: string; hash: string }[]
  }
  const references = new Map(definitions.map(({ name, hash }) => [name, parseReference(hash)]))
  const identity = await loadIdentity(path.join(folder, 'config/mycel/identity'))
  const served = await startUcmNode(['--codebase', 'node', '--allow-peer', identity.peerId], {
    cwd: folder,
    env,
  })
  const codebase = await Codebase.open(folder, { clock: Date.now, author: 'bench' })
  const node = await startNode({ identity, listen: [], mdns: false })
  try {
    const call = (reference: Reference): Promise<unknown> =>
      runRemotely({
        node,
        target: served.addresses[0] as string,
        request: { reference, args: [21], allow: EVERYTHING, memo: false },
        objects: codebase.objects,
      })
    const warm = references.get('warm') as Reference
    await call(warm)
    const cold: number[] = []
    for (let index = 0; index < COLD; index++) {
      cold.push(await timeMs(() => call(references.get(`f${index}`) as Reference)))
    }
    const times: number[] = []
    for (let round = 0; round < WARM; round++) times.push(await timeMs(() => call(warm)))
    const echo = await echoTimes()
    return [
      row('cold `remote-run`: code fetched, verified, run, receipt checked', cold, echo),
      row('warm `remote-run`, computed anew', times, echo),
    ]
  } finally {
    await node.close()
    await codebase.close()
    await served.stop()
  }
}

function row(what: string, times: readonly number[], echo: readonly number[]): Row {
  const [ms, peer] = [median(times), median(echo)]
  return {
    what,
    figure: `${ms.toFixed(2)} ms p50, ${percentile(times, 0.95).toFixed(2)} ms p95`,
    peer: `TCP echo: ${peer.toFixed(3)} ms`,
    ratio: `${(ms / peer).toFixed(0)} ×`,
  }
}
