// `ucm remote-run NAME [ARG…]`, also `remote-run`: runs a definition on a node, which gets
// the code from here if it has none.

import type { Command } from 'commander'
import type { Codebase, Reference, Resolved, Value } from '#codebase'
import type { CodeState, NetworkNode } from '#executor'
import { quoteForShell, readArguments } from '../arguments.ts'
import { closeAfter, type Context, personalIdentityFile } from '../context.ts'
import { argumentsTwice, runEach } from '../each.ts'
import { usageError } from '../errors.ts'
import { examples } from '../help.ts'
import { logWriter, outcomeReport, runNote } from '../outcomes.ts'
import { isFailure, printable, type Report } from '../output.ts'
import { addRunOptions, chooseAllowances, readLimits, type RunOptions } from '../run-options.ts'
import { count } from '../table.ts'

interface RemoteRunOptions extends RunOptions {
  readonly node?: string
  readonly on?: string
  readonly grant?: string
}

interface RemoteRunCommand {
  readonly args: readonly string[]
  readonly options: RemoteRunOptions
  readonly context: Context
}

export function register(command: Command, context: Context): void {
  command.description(
    'Run a function on a node. The node fetches the code that it lacks from here and verifies it; what may be ' +
      'performed is what the node allows, and no more than --allow says where it is given.',
  )
  addRunOptions(command, 'what the node allows')
    .option('--node <multiaddr>', 'the node, as it printed its address; $UCM_NODE unless given')
    .option('--on <peer>', 'the node by its peer id, found on the local network')
    .option('--grant <grant>', 'a grant for you by the owner of the node')
    .addHelpText(
      'after',
      examples(
        "ucm remote-run mean '[1,2,3]' --node /ip4/127.0.0.1/tcp/4001/p2p/12D3KooW…",
        "remote-run '#k3f9ac42xy' '[1,2,3]' --node /ip4/127.0.0.1/tcp/4001/p2p/12D3KooW…",
      ),
    )
    .action((name: string, args: string[], options: RemoteRunOptions) =>
      remoteRun(name, { args, options, context }),
    )
}

async function remoteRun(name: string, command: RemoteRunCommand): Promise<void> {
  const { args, options, context } = command
  const { each } = options
  if (each !== undefined) {
    if (args.length > 0) throw await argumentsTwice()
    return withCall(name, command, (call) => runEach(each, context, call))
  }
  await context.report('connecting', async () => {
    const values = await readArguments(args, context.powers)
    const report = await withCall(name, command, (call) => call(values))
    return { ...report, next: `ucm view ${quoteForShell(name)}` }
  })
}

type Call = (args: readonly Value[]) => Promise<Report>

/** Resolves the name, connects, and calls `use` with how one call is made. */
async function withCall<Result>(
  name: string,
  { options, context }: RemoteRunCommand,
  use: (call: Call) => Promise<Result>,
): Promise<Result> {
  const target = await targetOf(options, context)
  const settings = await readSettings(options)
  return withDefinition(name, context, ({ reference, name: resolved }, codebase) =>
    withNetworkNode(context, { isLooking: options.on !== undefined }, (node) =>
      withInterrupt(context, (signal) =>
        use(makeCall({ node, target, reference, name: resolved, codebase, settings, signal, context })),
      ),
    ),
  )
}

/** The definition, and the codebase that it is in; a whole hash needs none, and is not held up by one that is in use. */
async function withDefinition<Result>(
  name: string,
  context: Context,
  use: (resolved: Resolved, codebase: Codebase | undefined) => Promise<Result>,
): Promise<Result> {
  const { parseReference } = await import('#codebase')
  const isWhole = /^#?[a-z2-7]{52}(\.\d+)?$/.test(name)
  const bare = (): Promise<Result> => use({ reference: parseReference(name.replace('#', '')) }, undefined)
  let codebase: Codebase | undefined
  try {
    codebase = await context.openCodebase()
  } catch (error) {
    if (!isWhole || !isFailure(error) || error.code !== 'codebase-locked') throw error
    return bare()
  }
  if (!codebase && isWhole) return bare()
  if (!codebase) return context.withCodebase(() => Promise.reject(new TypeError('there is no codebase')))
  return closeAfter(codebase, async (opened) => {
    const resolved = await opened.resolve(name).catch((error: unknown) => {
      if (isWhole && isFailure(error) && error.code === 'hash-unknown') return undefined // the node may have it
      throw error
    })
    return resolved ? use(resolved, opened) : bare()
  })
}

async function withNetworkNode<Result>(
  context: Context,
  { isLooking }: { isLooking: boolean },
  use: (node: NetworkNode) => Promise<Result>,
): Promise<Result> {
  const { loadIdentity, startNode } = await import('#executor')
  const identity = await loadIdentity(personalIdentityFile(context))
  return closeAfter(await startNode({ identity, listen: [], mdns: isLooking }), use)
}

/** Calls `use` with a signal that aborts on SIGINT and SIGTERM, so that the node stops the run. */
async function withInterrupt<Result>(
  context: Context,
  use: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { KnownError } = await import('#codebase')
  const controller = new AbortController()
  const forget = context.powers.onStop(() =>
    controller.abort(new KnownError('network', 'interrupted', 'Cannot finish: the run was interrupted')),
  )
  try {
    return await use(controller.signal)
  } finally {
    forget()
  }
}

type Settings = Awaited<ReturnType<typeof readSettings>>

async function readSettings(options: RemoteRunOptions) {
  const { EVERYTHING } = await import('#executor')
  const allow = await chooseAllowances(options, EVERYTHING)
  return { allow, limits: await readLimits(options), memo: options.memo, grant: options.grant }
}

interface CallParts {
  readonly node: NetworkNode
  readonly target: string
  readonly reference: Reference
  readonly name: string | undefined
  readonly codebase: Codebase | undefined
  readonly settings: Settings
  readonly signal: AbortSignal
  readonly context: Context
}

function makeCall({ node, target, reference, name, codebase, settings, signal, context }: CallParts): Call {
  const { output } = context
  return async (args) => {
    const { formatReference, referenceText } = await import('#codebase')
    const { checkArguments, runRemotely } = await import('#executor')
    // Of what a node refuses only code and message come back: what can be told here is told here.
    const member = await codebase?.member(reference)
    if (member) checkArguments(member, args.length)
    const request = { reference, args, ...settings }
    const writeLog = await logWriter(output.note)
    const result = await runRemotely({
      node,
      target,
      request,
      signal,
      ...(codebase && { objects: codebase.objects }),
      onProgress(progress) {
        if (progress.kind === 'accepted') context.progress(`running on ${target}`)
        else if (progress.kind === 'log') writeLog(progress.line)
        else for (const line of progress.lines) output.note(printable(line))
      },
    })
    await codebase?.put(result.receiptObject)
    const report = await outcomeReport(result, {
      hash: referenceText(reference),
      name,
      codebase,
      paint: output.paint,
      isRemote: true,
    })
    const { fetched, code } = result
    return {
      ...report,
      document: { ...report.document, node: result.node, fetched, code },
      note: `${runNote(result, formatReference(reference))}  ${describeCode(result)}`,
    }
  }
}

/** `warm`, or `cold: 3 objects, 512 bytes, 1 round`. */
function describeCode({ code, fetched }: CodeState): string {
  if (code === 'warm') return code
  const { objects, bytes, rounds } = fetched
  return `${code}: ${count(objects, 'object')}, ${count(bytes, 'byte')}, ${count(rounds, 'round')}`
}

async function targetOf({ node, on }: RemoteRunOptions, { powers }: Context): Promise<string> {
  const target = node ?? on ?? powers.environment['UCM_NODE']
  if (target) return target
  throw await usageError(
    'node-missing',
    'Cannot run remotely: no node was named, expected --node MULTIADDR or --on PEER',
    {
      hint: '`ucm node` prints its address, and the line to paste here',
    },
  )
}
