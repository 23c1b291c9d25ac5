// `ucm id`: the peer id that nodes know this person by.

import type { Command } from 'commander'
import { type Context, personalIdentityFile } from '../context.ts'
import { examples } from '../help.ts'
import type { Report } from '../output.ts'
import { table } from '../table.ts'

export function register(command: Command, context: Context): void {
  command
    .description(
      'Show the peer id that nodes know you by. The first time, a key is made and kept for you alone.',
    )
    .addHelpText('after', examples('ucm id', 'ucm node --allow-peer $(ucm id --json | jq -r .peerId)'))
    .action(() => context.report('reading identity', () => id(context)))
}

async function id(context: Context): Promise<Report> {
  const { loadIdentity } = await import('#executor')
  const file = personalIdentityFile(context)
  const { peerId } = await loadIdentity(file)
  return {
    document: { peerId, file },
    text: table([
      ['peer', peerId],
      ['file', file],
    ]),
    next: `ucm node --allow-peer ${peerId}`,
  }
}
