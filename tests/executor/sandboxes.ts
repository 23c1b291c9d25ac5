// Sandboxes for tests: on the real engine, with the real permits, loaded with programs written by hand.

import { decodeValue, valueToJson } from '#codebase'
import { DENIED_MEMBERS, LOCALE_METHODS, PERMITTED_INTRINSICS } from '../../codebase/permits.ts'
import { compileEngine, readGuestModule } from '../../executor/engine.ts'
import type { Image } from '../../executor/image.ts'
import {
  type CallBounds,
  type Entry,
  type Reply,
  Sandbox,
  type SandboxPowers,
} from '../../executor/sandbox.ts'

export const BOUNDS: CallBounds = {
  fuel: 50_000_000,
  memoryBytes: 32 * 1024 * 1024,
  outputBytes: 1024 * 1024,
}

export const PERMITS = JSON.stringify({
  permitted: PERMITTED_INTRINSICS,
  denied: Object.fromEntries(
    Object.entries(DENIED_MEMBERS).map(([holder, members]) => [holder, Object.keys(members)]),
  ),
  locale: [...LOCALE_METHODS],
})

const engine = compileEngine()

/** Lines that consoles wrote since the last call of `takeTrace`. */
const lines: string[] = []
export const takeTrace = (): string[] => lines.splice(0)

export const SANDBOX_POWERS: SandboxPowers = {
  engine,
  maximumMemoryBytes: 128 * 1024 * 1024,
  guestModule: readGuestModule,
  permits: PERMITS,
  isInterrupted: () => false,
  trace: (line) => lines.push(line),
}

export function makeSandbox(powers: Partial<SandboxPowers> = {}): Sandbox {
  return new Sandbox({ ...SANDBOX_POWERS, ...powers })
}

let runtimeImage: Image | undefined
export const bootedImage = (): Image => (runtimeImage ??= makeSandbox().boot())

/** Abilities that the programs of tests know: `Store` (get, put) and `Log` (info). */
const PRELUDE = `
const { ability, handle, all, define } = $
const Store = ability('store', 'Store', ['get', 'put']), Log = ability('log', 'Log', ['info'])
define('store', Store); define('log', Log)
`

/** A sandbox with `source`, statements of strict code that define what is called. */
export function load(source: string, bounds: CallBounds = BOUNDS): { sandbox: Sandbox; image: Image } {
  const sandbox = makeSandbox()
  sandbox.restore(bootedImage())
  const reply = sandbox.load(`(function ($) {${PRELUDE}${source}\n})`, bounds)
  if (!('text' in reply) || reply.text !== 'v')
    throw new Error(`the program does not load: ${JSON.stringify(reply)}`)
  return { sandbox, image: sandbox.snapshot() }
}

/** The letter of a reply and its JSON. */
export function textOf(reply: Reply): string {
  if (!('text' in reply)) throw new Error(JSON.stringify(reply))
  return reply.value ? `v${JSON.stringify(valueToJson(decodeValue(reply.value)))}` : reply.text
}

/** The reply of a call: its letter and its JSON, or what stopped it. */
export function read(reply: Reply): unknown {
  if ('fault' in reply) throw new Error(reply.fault)
  if ('stop' in reply) return { stop: reply.stop }
  const text = textOf(reply)
  return text.length === 1 ? text : { [text[0] as string]: JSON.parse(text.slice(1)) }
}

/** Calls `main`, an expression for a function, with JSON arguments in a fresh sandbox. */
export function callMain(main: string, args: readonly unknown[] = [], bounds: CallBounds = BOUNDS): unknown {
  const { sandbox } = load(`define('main', ${main})`, bounds)
  return read(sandbox.call('start', ['main', JSON.stringify(args)], bounds))
}

/** Starts `main` and gives it the answers one after the other, to the operations in order unless told: every reply. */
export function converse(
  main: string,
  ...answers: readonly (readonly [entry: Entry, content: unknown, operation?: number])[]
): unknown[] {
  const { sandbox } = load(`define('main', ${main})`)
  const replies = [read(sandbox.call('start', ['main', '[]'], BOUNDS))]
  for (const [entry, content, number = replies.length - 1] of answers)
    replies.push(read(sandbox.call(entry, [JSON.stringify(content), `${number}`], BOUNDS)))
  return replies
}
