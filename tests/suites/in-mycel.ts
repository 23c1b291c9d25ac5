// The cases of a suite through the product: tests and package are defined together, and what comes
// of that runs in the executor's sandbox, frozen intrinsics and all.

import path from 'node:path'
import { define, type DefineResult, type Hash, type Reference, type Rejection } from '#codebase'
import { Executor } from '#executor'
import { emptyEnvironment } from '../support/environment.ts'
import { type Suite, suiteFiles } from './files.ts'
import { withoutCase } from './rewrite.ts'

/** `[name, message]` of each case, the message empty when it passed; or why nothing ran. */
export type Results = readonly (readonly [name: string, message: string])[] | string

export interface Defined {
  /** The text that was accepted; cases that were refused do nothing in it. */
  readonly text: string
  /** Codes, one for each case that was refused. */
  readonly refused: readonly string[]
  /** Undefined when what is refused is outside of all cases; `reason` says what. */
  readonly result: DefineResult | undefined
  readonly reason: string
}

/** Defines a rewritten test file, leaving out one case after the other until the rest is accepted. */
export async function defineSuite(suite: Suite, file: string, rewritten: string): Promise<Defined> {
  const refused: string[] = []
  const shown = path.relative(suite.folder, file)
  // Named from the package's folder, files of two folders never get one name.
  const entry = path.join(suite.folder, '$entry.js')
  for (let text = rewritten; ; ) {
    const texts = new Map([
      [file, text],
      [entry, `import { $suite } from './${shown}'\nexport const entry = () => $suite()`],
    ])
    const environment = { ...emptyEnvironment(), fileSystem: suiteFiles(suite, texts) }
    const result = await define({ files: [entry], directory: suite.folder, partial: true }, environment)
    if (suiteOf(result)) return { text, refused, result, reason: '' }
    const own = result.rejected.find((each) => each.name.endsWith('.$suite') && each.file === shown)
    const rejection = own ?? result.rejected[0]
    const reason = `${rejection?.code}: ${rejection?.message.replace(/^Cannot define \S+: /, '')}`
    const next =
      own && withoutCase(file, text, own.code === 'depends-on-rejected' ? neededIn(own) : offsetOf(text, own))
    if (next === undefined) return { text, refused, result: undefined, reason }
    refused.push(reason)
    text = next
  }
}

function suiteOf({ definitions }: DefineResult): Reference | undefined {
  return definitions.find(({ name }) => name.endsWith('.$suite'))?.reference
}

/** The own name of the definition that a rejected one needs: what says where it is mentioned. */
function neededIn({ message }: Rejection): string {
  return /` uses `(?:[^`]*[./])?([^`]+)`/.exec(message)?.[1] ?? ''
}

function offsetOf(text: string, { line = 1, column = 1 }: { line?: number; column?: number }): number {
  const lines = text.split('\n').slice(0, line - 1)
  return lines.reduce((sum, each) => sum + each.length + 1, 0) + column - 1
}

const executor = new Executor({
  objects: { get: async () => undefined },
  providers: [],
  signer: { peerId: 'tests', sign: () => Uint8Array.of(0) },
  clock: () => performance.now(),
})

export async function runSuite(result: DefineResult): Promise<Results> {
  const reference = suiteOf(result) as Reference
  const limits = { fuel: 20_000_000_000, timeMs: 60_000, memoryBytes: 256 * 1024 * 1024 }
  const source = { get: async (hash: Hash) => result.objects.get(hash) }
  const { outcome } = await executor.run(
    { reference, args: [], allow: [], limits, memo: false },
    { objects: source },
  )
  if (outcome.kind === 'value') return outcome.value as unknown as Results
  if (outcome.kind === 'failure') return `${outcome.error.name}: ${outcome.error.message}`
  return outcome.kind === 'limit' ? `limit: ${outcome.limit}` : 'refused'
}

export async function closeSandbox(): Promise<void> {
  await executor.close()
}
