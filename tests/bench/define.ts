// Definitions per second on real packages: text to hash, nothing stored, beside the parser
// alone on the files that were read.

import { parseSync } from 'oxc-parser'
import { define, type Environment } from '#codebase'
import path from 'node:path'
import { emptyEnvironment } from '../support/environment.ts'
import { median, type Row, timeMs } from './measure.ts'

const ROUNDS = 5
const root = path.resolve(import.meta.dirname, '../..')
const PACKAGES = ['remeda', 'radash', 'd3-array', 'simple-statistics', 'date-fns', 'just-compare']

/** An environment that keeps the text of every module that it hands out. */
function recording(): { environment: Environment; modules: Map<string, string> } {
  const environment = emptyEnvironment()
  const modules = new Map<string, string>()
  const read = (file: string): string | undefined => {
    const text = environment.fileSystem.read(file)
    if (text !== undefined && !file.endsWith('.json')) modules.set(file, text)
    return text
  }
  return { environment: { ...environment, fileSystem: { ...environment.fileSystem, read } }, modules }
}

async function measurePackage(name: string): Promise<Row> {
  const own: number[] = []
  const parser: number[] = []
  let defined = 0
  let rejected = 0
  for (let round = 0; round <= ROUNDS; round++) {
    const { environment, modules } = recording()
    const ms = await timeMs(async () => {
      const result = await define({ files: [`npm:${name}`], directory: root, partial: true }, environment)
      defined = result.definitions.length
      rejected = result.rejected.length
    })
    const parserMs = await timeMs(() => {
      for (const [file, text] of modules) void parseSync(file, text, { sourceType: 'module' }).program
    })
    if (round === 0) continue
    own.push(ms)
    parser.push(parserMs)
  }
  return {
    what: `text to hash, ${name}: ${defined} definitions of ${defined + rejected}`,
    figure: `${((defined / median(own)) * 1000).toFixed(0)}/s (${median(own).toFixed(0)} ms)`,
    peer: `oxc-parser on the same files: ${median(parser).toFixed(1)} ms`,
    ratio: `${(median(own) / median(parser)).toFixed(1)} ×`,
  }
}

export async function benchDefine(): Promise<Row[]> {
  const rows: Row[] = []
  for (const name of PACKAGES) rows.push(await measurePackage(name))
  return rows
}
