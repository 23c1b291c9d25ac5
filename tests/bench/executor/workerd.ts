// workerd with its dynamic loader: every path that it is asked for is an isolate of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import http from 'node:http'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { workerdProgram } from './peers.ts'

const START_MS = 10_000

const LOADER = `const code = (id) => ({
  compatibilityDate: '2026-01-01', mainModule: 'm.js', globalOutbound: null,
  modules: { 'm.js': \`let n = 0; export default { fetch() { n++; return new Response(String(\${id.length} + n)) } }\` },
})
export default { fetch(request, env) {
  const id = new URL(request.url).pathname
  return env.LOADER.get(id, () => code(id)).getEntrypoint().fetch('http://x/')
} }
`

const config = (port: number): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "l", worker = .loader) ],
  sockets = [ (name = "http", address = "127.0.0.1:${port}", http = (), service = "l") ] );
const loader :Workerd.Worker = (
  modules = [ (name = "loader.js", esModule = embed "loader.js") ],
  compatibilityDate = "2026-01-01", bindings = [ (name = "LOADER", workerLoader = ()) ] );
`

export interface Workerd {
  get(path: string): Promise<string>
  stop(): Promise<void>
}

/** Starts it in `folder`; undefined when it is not installed or does not start here. */
export async function startWorkerd(folder: string): Promise<Workerd | undefined> {
  const program = workerdProgram()
  if (!program) return undefined
  const port = await freePort()
  writeFileSync(path.join(folder, 'loader.js'), LOADER)
  writeFileSync(path.join(folder, 'config.capnp'), config(port))
  const child = spawn(program, ['serve', '--experimental', 'config.capnp'], { cwd: folder, stdio: 'ignore' })
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const get = (where: string): Promise<string> => fetchText({ host: '127.0.0.1', port, path: where, agent })
  const stop = (): Promise<void> => end(child, agent)
  const until = performance.now() + START_MS
  while (performance.now() < until) {
    try {
      await get('/first')
      return { get, stop }
    } catch {
      await sleep(20)
    }
  }
  await stop()
  return undefined
}

function end(child: ChildProcess, agent: http.Agent): Promise<void> {
  agent.destroy()
  if (child.exitCode !== null) return Promise.resolve()
  const { promise, resolve } = Promise.withResolvers<void>()
  child.once('exit', () => resolve())
  child.kill('SIGKILL')
  return promise
}

function fetchText(options: http.RequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    http
      .get(options, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          text += part
        })
        response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))))
      })
      .on('error', reject)
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
