// A process that has a codebase open: `hold-codebase.ts FOLDER [fill | add TURNS]`.
// Prints a line when it is open, then waits for a signal. `add` adds definitions and moves
// those added before, prints the head after each addition, and kills itself after so many
// turns of the event loop; `fill` adds until the disk refuses, then prints how that failed.

import process from 'node:process'
import { Codebase, KnownError } from '#codebase'
import { addSpecs, fakePowers } from './definitions.ts'

const [folder = '.', mode = 'hold', turns = '0'] = process.argv.slice(2)
const codebase = await Codebase.open(folder, fakePowers())
process.stdout.write('open\n')
if (mode === 'hold') process.stdin.resume()
if (mode === 'add') await addUntilKilled(Number(turns))
if (mode === 'fill') await fill()

async function addUntilKilled(turnsLeft: number): Promise<void> {
  const turn = (): void => {
    if (--turnsLeft < 0) process.kill(process.pid, 'SIGKILL')
    setImmediate(turn)
  }
  turn()
  for (let round = 0; ; round++) {
    const { commit } = await addSpecs(codebase, { base: round, [`user${round}`]: ['base', round] })
    process.stdout.write(`${commit}\n`)
  }
}

async function fill(): Promise<void> {
  let added = 0
  try {
    for (;;) {
      await addSpecs(codebase, { [`n${added}`]: Array.from({ length: 500 }, (_, index) => added + index) })
      added++
    }
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    const { code, hint, message } = error
    process.stdout.write(`${JSON.stringify({ code, hint, message, added })}\n`)
    process.exit()
  }
}
