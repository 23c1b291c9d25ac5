// Definitions per second on real packages: text to hash, nothing stored, beside the parser alone.

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { define } from '#codebase'
import { parseSync } from 'oxc-parser'
import { emptyEnvironment } from '../support/environment.ts'
import { median, type Row, timeMs } from './measure.ts'

const ROUNDS = 3
const root = path.resolve(import.meta.dirname, '../..')
const PACKAGES = ['remeda', 'radash', 'd3-array', 'simple-statistics', 'date-fns']

/** Bytes and milliseconds that the parser takes for every module file of the packages. */
function parseAll(): { files: number; ms: number } {
  const sources = PACKAGES.flatMap((name) => {
    const folder = path.join(root, 'node_modules', name)
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(m?js)$/.test(file) && !/\bcdn\b|\.cjs|\bfp\b|node_modules|\.min\./.test(file))
      .map((file) => readFileSync(path.join(folder, file), 'utf8'))
  })
  const before = performance.now()
  for (const text of sources) void parseSync('a.js', text, { sourceType: 'module' }).program
  return { files: sources.length, ms: performance.now() - before }
}

export async function benchDefine(): Promise<Row[]> {
  const environment = emptyEnvironment()
  const rows: Row[] = []
  for (const name of PACKAGES) {
    let definitions = 0
    let rejected = 0
    const times: number[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      const ms = await timeMs(async () => {
        const request = { files: [`npm:${name}`], directory: root, partial: true }
        const result = await define(request, environment)
        definitions = result.definitions.length
        rejected = result.rejected.length
      })
      if (round > 0) times.push(ms)
    }
    const perSecond = (definitions / median(times)) * 1000
    rows.push({
      what: `definitions hashed, ${name} (${definitions} of ${definitions + rejected})`,
      figure: `${perSecond.toFixed(0)}/s`,
      peer: '',
      ratio: '',
    })
  }
  const parser = parseAll()
  rows.push({
    what: 'oxc-parser alone, the module files of these packages',
    figure: `${parser.files} files in ${parser.ms.toFixed(0)} ms`,
    peer: '',
    ratio: '',
  })
  return rows
}
