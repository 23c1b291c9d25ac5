// `ucm node`: serves this codebase to peers and runs their requests, until SIGINT or SIGTERM.

import type { Command } from 'commander'
import type { Codebase } from '#codebase'
import type { NetworkNode } from '#executor'
import { closeAfter, type Context, nodeIdentityFile } from '../context.ts'
import { usageError } from '../errors.ts'
import { withExecutor } from '../executing.ts'
import { examples } from '../help.ts'
import {
  addIsolationOption,
  type IsolationOptions,
  readAllowances,
  readPeerId,
  repeatable,
} from '../run-options.ts'
import { table } from '../table.ts'

interface NodeOptions extends IsolationOptions {
  readonly listen: readonly string[]
  readonly peer: readonly string[]
  readonly allowPeer: readonly string[]
  readonly allow: readonly string[]
  readonly provide: readonly string[]
  readonly mdns: boolean
}

export function register(command: Command, context: Context): void {
  addIsolationOption(command)
    .description(
      'Serve this codebase and run requests in the sandbox. Runs nothing for a stranger: --allow-peer lets a peer ' +
        'fetch and run, a grant lets one run what it says.',
    )
    .addOption(repeatable('--listen <multiaddr>', 'where to listen', 'loopback'))
    .addOption(repeatable('--peer <multiaddr>', 'a peer to stay connected to', 'none'))
    .addOption(repeatable('--allow-peer <id>', 'a peer that may fetch and run', 'none'))
    .addOption(repeatable('--allow <ability[=scope]>', 'an ability that their runs may perform', 'none'))
    .addOption(repeatable('--provide <ability=provider>', 'what answers an ability', 'all embedded'))
    .option('--no-mdns', 'do not look for peers on the local network, nor be found there')
    .addHelpText(
      'after',
      examples(
        'ucm node --allow-peer 12D3KooW…',
        'ucm node --listen /ip4/0.0.0.0/tcp/4001 --allow-peer 12D3KooW… --allow Log',
      ),
    )
    .action((options: NodeOptions) => serve(options, context))
}

async function serve(options: NodeOptions, context: Context): Promise<void> {
  const allowPeers = new Set(await Promise.all(options.allowPeer.map(readPeerId)))
  await checkProviders(options.provide)
  const allowances = await readAllowances(options.allow)
  const { loadIdentity, serveNode, startNode } = await import('#executor')
  await context.withCodebase(async (codebase) => {
    const identity = await loadIdentity(await nodeIdentityFile(context))
    const { listen, peer: peers, mdns, isolation } = options
    await withExecutor({ context, codebase, signer: identity.signer, isolation }, async (executor) => {
      const node = await startNode({ identity, peers, mdns, ...(listen.length > 0 && { listen }) })
      const served = await serveNode({
        node,
        objects: codebase.objects,
        put: (object) => codebase.put(object),
        run: (request, run) => executor.run(request, run),
        allowPeers,
        allowances,
        clock: context.powers.clock,
      })
      await closeAfter(served, () => untilStopped(node, { codebase, options, context }))
    })
  })
}

interface Serving {
  readonly codebase: Codebase
  readonly options: NodeOptions
  readonly context: Context
}

/** Says that the node is ready and where, and waits for a signal to stop. */
async function untilStopped(node: NetworkNode, serving: Serving): Promise<void> {
  const { output, powers } = serving.context
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
  const forget = powers.onStop(stop)
  const ready = { peerId: node.peerId, addresses: node.addresses, codebase: serving.codebase.folder }
  await output.line(output.isJson ? JSON.stringify(ready) : describe(ready, serving))
  await stopped
  output.note('draining: no new runs, those under way may end')
  // A terminal's Ctrl-C reaches this process more than once; the node closes once.
  powers.onStop(() => {})
  forget()
}

interface Ready {
  readonly peerId: string
  readonly addresses: readonly string[]
  readonly codebase: string
}

function describe({ peerId, addresses, codebase }: Ready, { options, context }: Serving): string {
  const { paint } = context.output
  const peers = options.allowPeer.length > 0 ? options.allowPeer.join(', ') : 'nobody yet'
  const rows = [
    ['node', paint.bold(peerId)],
    ...addresses.map((address) => ['listening', address]),
    ['codebase', codebase],
    ['may run', peers],
    ['with', options.allow.join(', ') || 'no ability'],
  ]
  const lines = [table(rows), '', 'in the other terminal:']
  if (options.allowPeer.length === 0) {
    lines.push(
      '  ucm id',
      paint.dim('  then start this node again with --allow-peer and the id that it shows, and there:'),
    )
  }
  lines.push(`  ucm remote-run NAME ARGUMENT… --node ${addresses[0] ?? peerId}`, '', 'Ctrl-C ends it')
  return lines.join('\n')
}

async function checkProviders(provided: readonly string[]): Promise<void> {
  const { BUILTIN_ABILITIES } = await import('#abilities')
  for (const text of provided) {
    const [ability, provider] = text.split('=')
    if (provider === 'embedded' && BUILTIN_ABILITIES.some(({ name }) => name === ability)) continue
    throw await usageError('provider-unknown', `Cannot provide ${text}: expected ABILITY=embedded`, {
      hint: `abilities: ${BUILTIN_ABILITIES.map(({ name }) => name).join(', ')}`,
    })
  }
}
