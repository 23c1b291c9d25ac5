// Holds the functions of modules against their originals: finds calls, makes them on both sides,
// compares what they show.

import { compare, type Permitted } from './compare.ts'
import {
  type Called,
  defineProbes,
  loadProbes,
  type LoadedProbes,
  type Probes,
  type Subject,
} from './mycel.ts'
import { callOriginal, type Exports, loadOriginal, type Tools, tryOriginal } from './original.ts'
import type { Description } from './arguments.ts'
import type { Value } from '#codebase'
import { leftIn } from './watching.ts'
import { signaturesOf } from './signatures.ts'
import { makeSearch } from './search.ts'

/** Functions that are held against Node together. */
export interface Group {
  readonly modules: readonly string[]
  /** Exports that arguments are made with, by the module that they come from; `extra` describes such arguments. */
  readonly tools?: Readonly<Record<string, string>>
  readonly extra?: readonly Description[]
  readonly extraShare?: number
  /** Functions that are left out, by `module name`, each with the reason. */
  readonly except?: readonly (readonly [what: RegExp, reason: string])[]
}

export interface Report {
  functions: number
  calls: number
  returned: number
  /** Calls that met a limit of the sandbox. */
  limited: number
  readonly refused: ReadonlyMap<Subject, string>
  readonly permitted: Partial<Record<Permitted, number>>
  readonly differences: string[]
  /** Functions none of whose calls returned, and those that were called too seldom because their calls met limits. */
  readonly silent: string[]
  readonly uncalled: string[]
}

/** Calls of each function that are compared, at least, and those among them that return; then tries are given up. */
export const CALLS = 20
const RETURNED = 12
const MOST_TRIES = 28
/** Functions whose probes share a program. */
const PROGRAM_SIZE = 24

export async function holdAgainstNode(group: Group): Promise<Report> {
  const modules = new Map<string, Exports>()
  for (const module of group.modules) modules.set(module, await loadOriginal(module))
  const toolSubjects = Object.entries(group.tools ?? {}).map(([name, module]): Subject => ({ module, name }))
  const tools: Tools = Object.fromEntries(
    toolSubjects.map(({ module, name }) => [name, modules.get(module)?.[name]]),
  )
  const subjects = subjectsOf(modules, group)
  const probes = await defineProbes(subjects, toolSubjects)
  const report: Report = {
    functions: 0,
    calls: 0,
    returned: 0,
    limited: 0,
    differences: [],
    silent: [],
    uncalled: [],
    refused: probes.refused,
    permitted: {},
  }
  const accepted = [...probes.references.keys()]
  for (let at = 0; at < accepted.length; at += PROGRAM_SIZE) {
    await holdFew(accepted.slice(at, at + PROGRAM_SIZE), { group, modules, tools, probes, report })
  }
  return report
}

/** The functions that the modules export, each once. */
function subjectsOf(modules: ReadonlyMap<string, Exports>, { except = [] }: Group): Subject[] {
  const isExcepted = (what: string): boolean => except.some(([pattern]) => pattern.test(what))
  const met = new Set<unknown>()
  const subjects: Subject[] = []
  for (const [module, exports] of modules) {
    for (const [name, value] of Object.entries(exports)) {
      if (typeof value !== 'function' || met.has(value) || isExcepted(`${module} ${name}`)) continue
      met.add(value)
      subjects.push({ module, name })
    }
  }
  return subjects
}

interface Setting {
  readonly group: Group
  readonly modules: ReadonlyMap<string, Exports>
  readonly tools: Tools
  readonly probes: Probes
  readonly report: Report
}

async function holdFew(subjects: readonly Subject[], setting: Setting): Promise<void> {
  const loaded = await loadProbes(setting.probes, subjects)
  for (const subject of subjects) await holdOne(subject, loaded, setting)
}

async function holdOne(subject: Subject, loaded: LoadedProbes, setting: Setting): Promise<void> {
  const { modules, tools, group, report } = setting
  const original = modules.get(subject.module)?.[subject.name]
  const name = `${subject.module} ${subject.name}`
  const search = makeSearch({
    subject: original,
    seed: name,
    signatures: signaturesOf(subject.module, subject.name),
    extra: group.extra ?? [],
    extraShare: group.extraShare ?? 0,
  })
  report.functions++
  let returned = 0
  let calls = 0
  let tries = 0
  const isEnough = (): boolean =>
    calls >= CALLS && (returned >= RETURNED || tries >= (returned === 0 ? CALLS + 4 : MOST_TRIES))
  for (; !isEnough() && tries < 3 * CALLS; tries++) {
    const { shape, steps } = search.next()
    // The sandbox goes first: what does not end there would not end here either.
    const called = loaded.call(subject, steps)
    if ('limit' in called) {
      report.limited++
      continue
    }
    calls++
    const shown = (await callOriginal(original, steps, tools)) as unknown[]
    await record(report, {
      what: `${name} ${JSON.stringify(steps)}`,
      shown,
      called,
      again: () => callOriginal(original, steps, tools),
    })
    const hasReturned = shown[0] !== 'throws'
    if (hasReturned) returned++
    search.learn(shape, hasReturned ? tryOriginal(original, steps, tools) : undefined)
  }
  report.calls += calls
  report.returned += returned
  if (returned === 0) report.silent.push(name)
  if (calls < CALLS) report.uncalled.push(name)
}

interface Call {
  readonly what: string
  readonly shown: readonly unknown[]
  readonly called: Called
  again(): Promise<unknown>
}

async function record(report: Report, { what, shown, called, again }: Call): Promise<void> {
  if ('problem' in called) report.differences.push(`${what}\n    ${called.problem}`)
  if (!('shown' in called)) return
  const { permitted, difference } = compare(shown, called.shown)
  if (permitted) count(report, permitted)
  if (difference === undefined) return
  const left = await leftIn(again)
  const reason =
    isOnlyInNotes(shown, called.shown) && left.has('sort calls')
      ? 'sort calls'
      : OPEN.find((each) => left.has(each))
  if (reason) count(report, reason)
  else report.differences.push(`${what}\n    ${difference}`)
}

const OPEN = ['sort order', 'date text', 'locale', 'host', 'function text'] as const

function count(report: Report, reason: Permitted): void {
  report.permitted[reason] = (report.permitted[reason] ?? 0) + 1
}

/** Whether two calls differ only in how their callbacks were called. */
function isOnlyInNotes(shown: readonly unknown[], other: Value): boolean {
  return (
    Array.isArray(other) && compare(shown.toSpliced(-2, 1), other.toSpliced(-2, 1)).difference === undefined
  )
}
