// The commander program. Every command is known by name and summary from the table
// below; the file of the one that is asked for is loaded, and no other.

import { Command, CommanderError } from 'commander'
import { type Context, type GlobalOptions, makeContext, type Powers } from './context.ts'
import { usageError } from './errors.ts'
import { makeOutput, type Output, type Report } from './output.ts'

/** Adds arguments, options, examples and the action to the command that is already named. */
type Register = (command: Command, context: Context) => void

interface CommandEntry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<{ readonly register: Register }>
}

const COMMANDS: Readonly<Record<string, readonly CommandEntry[]>> = Object.freeze({
  'Codebase:': [
    { name: 'init', summary: 'make a codebase', load: () => import('./commands/init.ts') },
    {
      name: 'hash',
      summary: 'show the hashes that files would have, and store nothing',
      load: () => import('./commands/hash.ts'),
    },
    {
      name: 'add',
      summary: 'add the definitions of files or of an npm package',
      load: () => import('./commands/add.ts'),
    },
    {
      name: 'edit',
      summary: 'write definitions to a file that can be added again',
      load: () => import('./commands/edit.ts'),
    },
    { name: 'rename', summary: 'give a definition another name', load: () => import('./commands/rename.ts') },
    { name: 'alias', summary: 'give a definition one more name', load: () => import('./commands/alias.ts') },
    { name: 'delete', summary: 'take a name away', load: () => import('./commands/delete.ts') },
    { name: 'verify', summary: 'hash every stored object again', load: () => import('./commands/verify.ts') },
  ],
  'Looking around:': [
    { name: 'ls', summary: 'list names', load: () => import('./commands/ls.ts') },
    { name: 'find', summary: 'search names and signatures', load: () => import('./commands/find.ts') },
    {
      name: 'view',
      summary: 'show definitions as they were written',
      load: () => import('./commands/view.ts'),
    },
    { name: 'names', summary: 'show every name of a definition', load: () => import('./commands/names.ts') },
    {
      name: 'dependencies',
      summary: 'show what a definition uses',
      load: () => import('./commands/dependencies.ts'),
    },
    {
      name: 'dependents',
      summary: 'show what uses a definition',
      load: () => import('./commands/dependents.ts'),
    },
    { name: 'history', summary: 'show commits', load: () => import('./commands/history.ts') },
    {
      name: 'diff',
      summary: 'show what changed between two commits',
      load: () => import('./commands/diff.ts'),
    },
    {
      name: 'cid',
      summary: "show a definition's IPFS content identifier",
      load: () => import('./commands/cid.ts'),
    },
  ],
  'Running:': [
    { name: 'run', summary: 'run a function here, in the sandbox', load: () => import('./commands/run.ts') },
    { name: 'test', summary: 'run tests, each once for ever', load: () => import('./commands/test.ts') },
    {
      name: 'replay',
      summary: 'run again what a receipt is about, answered from its log',
      load: () => import('./commands/replay.ts'),
    },
  ],
  'Network:': [
    {
      name: 'node',
      summary: 'serve this codebase and run requests',
      load: () => import('./commands/node.ts'),
    },
    {
      name: 'remote-run',
      summary: 'run a function on a node',
      load: () => import('./commands/remote-run.ts'),
    },
    { name: 'id', summary: 'show your peer id', load: () => import('./commands/id.ts') },
    {
      name: 'grant',
      summary: 'let a peer run something on your node',
      load: () => import('./commands/grant.ts'),
    },
  ],
})

const GUIDE = `
Exit codes: 0 ok, 1 refused input or not found, 2 usage, 3 the function failed, 4 a limit
was hit, 5 refused by policy or grant, 6 network, 130 interrupted.

Environment: UCM_CODEBASE, UCM_NODE and UCM_AUTHOR stand for --codebase, --node and the author of
commits; NO_COLOR takes the colours away.

Begin with:
  $ ucm init
  $ ucm add FILE.ts
  $ ucm run NAME ARGUMENT…`

/** Runs `ucm ARGV`; returns the exit code. */
export async function runProgram(argv: readonly string[], powers: Powers): Promise<number> {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv
  const output = makeOutput(powers, { isJson: own.includes('--json'), isDebug: own.includes('--debug') })
  powers.onFault((error) => output.fail(error))
  const told: string[] = []
  try {
    return await parse(makeProgram(powers, output.isJson ? told : undefined), argv, { powers, output })
  } catch (error) {
    if (!(error instanceof CommanderError)) return output.fail(error)
    if (error.exitCode !== 0) return output.fail(await wrongUsage(error))
    return told.length > 0 ? output.report(toldReport(told.join('').trimEnd(), powers)) : 0
  }
}

async function parse(
  program: Command,
  argv: readonly string[],
  { powers, output }: { powers: Powers; output: Output },
): Promise<number> {
  const words = program.parseOptions([...argv]).operands
  const named = words[0] === 'help' ? words[1] : words[0]
  const context = makeContext(powers, output, program.opts<GlobalOptions>())
  const entry = Object.values(COMMANDS)
    .flat()
    .find(({ name }) => name === named)
  const command = program.commands.find((candidate) => candidate.name() === named)
  if (entry && command) (await entry.load()).register(command, context)
  if (words.length === 0) program.help()
  await program.parseAsync([...argv], { from: 'user' })
  return context.exitCode()
}

/** What commander prints by itself goes to `told` when that is given. */
function makeProgram(powers: Powers, told?: string[]): Command {
  const program = new Command('ucm')
    .description('A content-addressed store of TypeScript functions, and where they run.')
    .version(powers.version, '--version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .option('--json', 'print one JSON document')
    .option('--codebase <dir>', 'the codebase to use instead of the nearest .ucm upward')
    .option('--identity <file>', 'the key to sign with instead of your own')
    .option('--debug', 'show the stack of a failure')
    .addHelpText('after', GUIDE)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeErr: () => {}, // what commander says is said again by `output.fail`
      ...(told && { writeOut: (text: string) => void told.push(text) }),
    })
    .exitOverride()
  for (const [heading, entries] of Object.entries(COMMANDS)) {
    program.commandsGroup(heading)
    for (const { name, summary } of entries)
      program.command(name).summary(summary).helpOption('-h, --help', 'show help')
  }
  return program
}

/** What commander prints by itself, as a document: the version, or a help. */
function toldReport(text: string, { version }: Powers): Report {
  return { document: text === version ? { version } : { help: text }, text }
}

/** What commander refuses, as a failure like any other: `error: unknown option '--x'` → code `unknown-option`. */
async function wrongUsage(error: CommanderError): Promise<Error> {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n')
  const suggestion = rest
    .join(' ')
    .trim()
    .replace(/^\((.*)\)$/, '$1')
  const code = error.code.replace('commander.', '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return usageError(code, `Cannot read the command line: ${first}`, {
    hint: suggestion || '--help after a command shows how it is written',
  })
}
