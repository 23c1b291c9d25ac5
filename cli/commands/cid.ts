// `ucm cid NAME`: the identifier that IPFS tools know the object by.

import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { examples } from '../help.ts'
import type { Report } from '../output.ts'

export function register(command: Command, context: Context): void {
  command
    .description("Show the CID (version 1, dag-cbor, sha2-256) of a definition's object.")
    .argument('<name>', 'a name, an unambiguous end of one, or the beginning of a hash')
    .addHelpText('after', examples('ucm cid mean'))
    .action((name: string) => context.report('looking up', () => cid(name, context)))
}

function cid(text: string, context: Context): Promise<Report> {
  return context.withCodebase(async (codebase) => {
    const { cidOf, referenceText } = await import('#codebase')
    const { reference, name } = await codebase.resolve(text)
    const document = { name, hash: referenceText(reference), cid: cidOf(reference.hash) }
    return { document, text: document.cid, next: `ucm view ${text}` }
  })
}
