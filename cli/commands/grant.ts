// `ucm grant PEER [NAME…]`: a token by which a peer may run something on the node of this codebase.

import type { Command } from 'commander'
import type { Reference } from '#codebase'
import type { GrantTerms, Signer } from '#executor'
import { type Context, nodeIdentityFile, personalIdentityFile } from '../context.ts'
import { usageError } from '../errors.ts'
import { examples } from '../help.ts'
import type { Report } from '../output.ts'
import {
  addLimitOptions,
  type LimitOptions,
  readAllowances,
  readLimits,
  readPeerId,
  repeatable,
} from '../run-options.ts'
import { table } from '../table.ts'

const NONCE_BYTES = 16
const UNITS_MS: Readonly<Record<string, number>> = Object.freeze({
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
})

interface GrantOptions extends LimitOptions {
  readonly allow: readonly string[]
  readonly expires: string
  readonly from?: string
}

interface GrantCommand {
  readonly peer: string
  readonly names: readonly string[]
  readonly options: GrantOptions
}

export function register(command: Command, context: Context): void {
  command
    .description(
      'Let a peer run definitions on the node of this codebase. The token that is printed is no secret: it counts ' +
        'only over a connection of that peer. It can be handed on, never widened.',
    )
    .argument('<peer>', 'who may use it: the peer id that `ucm id` shows there')
    .argument('[names...]', 'what may be run; anything unless given')
    .addOption(repeatable('--allow <ability[=scope]>', 'an ability that it may perform', 'none'))
    .option('--expires <duration>', 'how long it counts: 90s, 15m, 8h, 30d', '24h')
    .option('--from <grant>', 'hand on a grant of your own, narrower')
  addLimitOptions(command)
    .addHelpText(
      'after',
      examples(
        'ucm grant 12D3KooW… mean variance --expires 7d',
        'ucm grant 12D3KooW… --allow Log --fuel 1000000',
      ),
    )
    .action((peer: string, names: string[], options: GrantOptions) =>
      context.report('signing', () => grant({ peer, names, options }, context)),
    )
}

async function grant(command: GrantCommand, context: Context): Promise<Report> {
  const { loadIdentity } = await import('#executor')
  const { formatAllowance } = await import('#abilities')
  const { referenceText } = await import('#codebase')
  const { peer, names, options } = command
  const terms = await readTerms(command, context)
  const { from } = options
  const file = from === undefined ? await nodeIdentityFile(context) : personalIdentityFile(context)
  const { signer } = await loadIdentity(file)
  const document = {
    grant: await sign(terms, { signer, from }),
    issuer: signer.peerId,
    audience: peer,
    hashes: terms.references?.map(referenceText) ?? null,
    allow: terms.allowances.map(formatAllowance),
    limits: terms.limits,
    expires: new Date(terms.expiresMs).toISOString(),
  }
  return {
    document,
    text: document.grant,
    note: table([
      ['for', peer],
      ['may run', names.join(', ') || 'anything'],
      ['with', document.allow.join(', ') || 'no ability'],
      ['until', document.expires],
    ]),
    next: `ucm remote-run NAME --node MULTIADDR --grant GRANT, on the side of ${peer}`,
  }
}

async function readTerms({ peer, names, options }: GrantCommand, context: Context): Promise<GrantTerms> {
  const { clock, randomBytes } = context.powers
  return {
    audience: await readPeerId(peer),
    references: names.length === 0 ? null : await resolveAll(names, context),
    allowances: await readAllowances(options.allow),
    limits: await readLimits(options),
    expiresMs: clock() + (await readDuration(options.expires)),
    nonce: randomBytes(NONCE_BYTES),
  }
}

/** A new grant, or the one in `from` handed on. */
async function sign(
  terms: GrantTerms,
  { signer, from }: { signer: Signer; from: string | undefined },
): Promise<string> {
  const { attenuateGrant, makeGrant } = await import('#executor')
  return from === undefined ? makeGrant(signer, terms) : attenuateGrant(from, signer, terms)
}

/** Whole hashes are taken as they are, so that a grant can be made while the node has the codebase open. */
async function resolveAll(names: readonly string[], context: Context): Promise<Reference[]> {
  const { parseReference } = await import('#codebase')
  const isWhole = (name: string): boolean => /^#?[a-z2-7]{52}(\.\d+)?$/.test(name)
  if (names.every(isWhole)) return names.map((name) => parseReference(name.replace('#', '')))
  return context.withCodebase((codebase) =>
    Promise.all(names.map(async (name) => (await codebase.resolve(name)).reference)),
  )
}

async function readDuration(text: string): Promise<number> {
  const [, number, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  const ms = Number(number) * (UNITS_MS[unit ?? ''] ?? Number.NaN)
  if (ms > 0) return ms
  throw await usageError(
    'option',
    `Cannot read --expires ${text}: expected a duration such as 90s, 15m, 8h or 30d`,
  )
}
