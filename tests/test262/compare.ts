// One test of the suite, raw and through the product, in the same engine: whether both come to
// the same outcome, and if not, whether what differs is declared unspecified.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { isPermittedIntrinsic, KnownError } from '#codebase'
import { type Loaded, loadScripts, NOT_EVALUATED, runScript } from './engine.ts'
import {
  type Accepted,
  defineTest,
  freeNames,
  functionText,
  regenerate,
  regenerateWithNames,
} from './pipeline.ts'
import { ineligible, type SuiteTest } from './suite.ts'

/** What became of a test. `detail` tells why, or both outcomes. */
export interface Verdict {
  readonly kind: 'same' | 'different' | 'unspecified' | 'refused' | 'ineligible'
  readonly detail: string
  /** Whether the raw run passed; a test that QuickJS itself fails is compared all the same. */
  readonly passes?: boolean
}

const PASSED = 'passed'

/** A test that the product accepted, as the function that it was made into. */
interface Made {
  readonly text: string
  readonly parameters: readonly string[]
  /** Names that neither the language nor the harness has. */
  readonly absent: readonly string[]
  readonly defining: Accepted
}

/** What the product makes of a definition that its own decoder then refuses begins with this. */
const REFUSED = 'object refused'

/**
 * What the harness's own files leave to the host (INTERPRETING.md, "Host-Defined Functions"). The text of a
 * function is unspecified, so that messages end where one begins.
 */
const HOST = `
var $outcome = 'nothing';
function $describe(error) {
  try {
    return typeof error === 'object' && error !== null
      ? 'threw ' + error.constructor.name + ': ' + String(error.message).replace(/function .*/s, '')
      : 'threw ' + String(error);
  } catch (unreadable) { return 'threw what cannot be read'; }
}
function $DONE(error) { $outcome = error ? $describe(error) : '${PASSED}'; }
`

export class Comparison {
  readonly #suite: string
  readonly #loaded = new Map<string, Loaded>()
  readonly #present = new Map<string, boolean>()

  constructor(suite: string) {
    this.#suite = suite
  }

  async compare(test: SuiteTest): Promise<Verdict> {
    const reason = ineligible(test)
    if (reason !== undefined) return { kind: 'ineligible', detail: reason }
    if (test.negative === 'parse') return this.#compareNegative(test)
    const free = freeNames(test.text)
    if (!free) return { kind: 'refused', detail: 'syntax-error' }
    const own = free.filter((name) => this.#isPresent(name, test.includes))
    const absent = free.filter((name) => !own.includes(name) && name !== 'undefined')
    const harness = own.filter((name) => !isPermittedIntrinsic(name))
    // What a permit refuses, such as a change of an intrinsic, is still a program: its intrinsics come in as well.
    for (const parameters of [harness, own]) {
      const text = functionText(test.text, parameters)
      const defining = await defineTest(text)
      if (defining.kind === 'accepted') return this.#run(test, { text, parameters, absent, defining })
      if (parameters === own) return { kind: 'refused', detail: defining.detail }
    }
    throw new Error('neither accepted nor refused')
  }

  async #run(test: SuiteTest, { text, parameters, absent, defining }: Made): Promise<Verdict> {
    const loaded = this.#load(test.includes)
    const isAsync = test.flags.includes('async')
    const outcome = (callee: string, result = '$outcome'): string =>
      runScript(loaded, program(callee, parameters, isAsync), result)
    const raw = outcome(`(${text})`)
    const passes = raw === PASSED
    const through = await throughMycel(defining, outcome)
    if (raw === through) return { kind: 'same', detail: raw, passes }
    const detail = `raw: ${raw} | through mycel: ${through}`
    if (through.startsWith(REFUSED)) return { kind: 'different', detail, passes }
    if (outcome(`(${text})`, `${JSON.stringify(absent)}.some((name) => name in globalThis)`) === 'true')
      return { kind: 'ineligible', detail: 'makes a global variable' }
    const named = outcome(regenerateWithNames(text, defining))
    return { kind: named === raw ? 'unspecified' : 'different', detail, passes }
  }

  /** What must not parse must not become a definition that runs, unless QuickJS runs it too. */
  async #compareNegative(test: SuiteTest): Promise<Verdict> {
    const loaded = this.#load([])
    const text = functionText(test.text, [])
    const outcome = (callee: string): string => runScript(loaded, program(callee, [], false), '$outcome')
    const defining = await defineTest(text)
    if (defining.kind === 'refused') return { kind: 'same', detail: 'refused', passes: true }
    const raw = outcome(`(${text})`)
    const through = await throughMycel(defining, outcome)
    const isSame = raw === through || (raw.startsWith(NOT_EVALUATED) && through.startsWith(NOT_EVALUATED))
    return { kind: isSame ? 'same' : 'different', detail: `raw: ${raw} | through mycel: ${through}` }
  }

  #load(includes: readonly string[]): Loaded {
    const key = includes.join()
    const known = this.#loaded.get(key)
    if (known) return known
    const files = ['assert.js', 'sta.js', ...includes.filter((name) => name !== 'doneprintHandle.js')]
    const scripts = files.map((name) => readFileSync(path.join(this.#suite, 'harness', name), 'utf8'))
    const loaded = loadScripts([HOST, ...scripts])
    this.#loaded.set(key, loaded)
    return loaded
  }

  /** Whether a free name is one of the language or the harness, and can be that of a parameter. */
  #isPresent(name: string, includes: readonly string[]): boolean {
    if (name === 'undefined' || name === 'eval' || name === 'arguments') return false
    const key = `${includes.join()} ${name}`
    const known = this.#present.get(key)
    if (known !== undefined) return known
    const found = runScript(this.#load(includes), '', `typeof ${name}`) !== 'undefined'
    this.#present.set(key, found)
    return found
  }
}

async function throughMycel(defining: Accepted, outcome: (callee: string) => string): Promise<string> {
  try {
    return outcome(await regenerate(defining))
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    return `${REFUSED}: ${error.message}`
  }
}

function program(callee: string, parameters: readonly string[], isAsync: boolean): string {
  const passed = isAsync ? '' : `$outcome = '${PASSED}'`
  return `try { ${callee}.call(${['globalThis', ...parameters].join(', ')}); ${passed} } catch (error) { $outcome = $describe(error) }`
}
