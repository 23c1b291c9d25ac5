// What goes into the file that `edit` writes: the definitions that were asked for, and those that
// have to stand beside them, since the text of one assigns what the other declares.

import type { KnownAbility, SourceRecord } from './defined.ts'
import { filedAs, readSource } from './definition-view.ts'
import { dependentNames, referenceOf } from './dependencies.ts'
import { type Import, importsOf } from './edit-imports.ts'
import { readText, type TextParts } from './edit-text.ts'
import { KnownError } from './errors.ts'
import { type Reference, referenceText } from './hash.ts'
import { matchingNames, type Names } from './names.ts'
import { resolve } from './resolve-text.ts'
import type { Member, Node } from './term.ts'
import type { Workspace } from './workspace.ts'

/** What every step of an edit looks things up in. */
export interface Editing {
  readonly workspace: Workspace
  readonly names: Names
  readonly abilities: readonly KnownAbility[]
}

/** One text of the file. */
export interface Entry {
  /** Of the definition that it was taken in for. */
  readonly name: string
  readonly source: SourceRecord
  readonly parts: TextParts
  /** Names that it declares → their full names on the branch. */
  readonly owns: ReadonlyMap<string, string>
  /** By local name. */
  readonly imports: ReadonlyMap<string, Import>
}

/** @throws KnownError as resolve() does, `edit-nameless`, `edit-sourceless` */
export async function gatherEntries(editing: Editing, texts: readonly string[]): Promise<Entry[]> {
  const entries: Entry[] = []
  const pending: string[] = []
  for (const text of texts) pending.push(await nameOf(editing, text))
  const isThere = (name: string): boolean => entries.some(({ owns }) => [...owns.values()].includes(name))
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    if (isThere(name)) continue
    const entry = await readEntry(editing, name)
    entries.push(entry)
    pending.push(...(await companionsOf(editing, entry)))
  }
  return entries.filter((entry) => !entries.some((other) => isPartOf(entry, other)))
}

/** Whether the text of one stands in that of another: a declaration that completes what the other declares. */
function isPartOf(entry: Entry, other: Entry): boolean {
  return (
    entry !== other &&
    entry.source.file === other.source.file &&
    other.source.text.length > entry.source.text.length &&
    other.source.text.includes(entry.source.text)
  )
}

async function nameOf({ workspace, names }: Editing, text: string): Promise<string> {
  const { name } = await resolve(workspace, names, text)
  if (name !== undefined) return name
  throw new KnownError('input', 'edit-nameless', `Cannot edit ${text}: it has no name on this branch`, {
    hint: `give it one: \`ucm alias ${text} NAME\``,
    details: { text },
  })
}

async function readEntry(editing: Editing, name: string): Promise<Entry> {
  const { workspace, names, abilities } = editing
  const reference = referenceNamed(names, name)
  const filed = await filedAs(workspace, names, reference, name)
  const source = await readSource(workspace.components, filed)
  if (!source) throw sourceless(name, 'only its term is known, which came without its text')
  if (source.file.endsWith('.json'))
    throw sourceless(name, `it is what the JSON file ${source.file} holds; change that and add it`)
  const parts = readText(source.text, `/${source.file.split('/').at(-1) ?? 'text.ts'}`)
  if ('reason' in parts) throw sourceless(name, `its text can not be read by itself: ${parts.reason}`)
  // What CommonJS assigns to its exports is no declaration that an ES module could hold.
  const isAssigned = parts.own.includes('default') && !parts.hasDefault
  if (isAssigned || parts.own.length === 0)
    throw sourceless(name, 'it was written as a part of CommonJS exports')
  const member = await memberAt(editing, reference)
  const imports = importsOf({ hash: reference.hash, member, source, parts, names, abilities })
  return {
    name,
    source,
    parts,
    imports,
    owns: await ownsOf(editing, { name, reference, member, parts, source }),
  }
}

function sourceless(name: string, why: string): KnownError {
  return new KnownError('input', 'edit-sourceless', `Cannot edit ${name}: ${why}`, {
    hint: `\`ucm view --normalised ${name}\` shows the term`,
    details: { name },
  })
}

export function referenceNamed(names: Names, name: string): Reference {
  const filed = names.filed.get(name)
  if (!filed) throw new RangeError(`Cannot edit ${name}: it is not on the branch`)
  return filed.reference
}

async function memberAt({ workspace }: Editing, { hash, index }: Reference): Promise<Member> {
  return (await workspace.components.component(hash)).members[index] as Member
}

interface Found {
  readonly name: string
  readonly reference: Reference
  readonly member: Member
  readonly parts: TextParts
  readonly source: SourceRecord
}

/** What the names that a text declares are filed as: its own definition's, and the other parts of a shared constant. */
async function ownsOf(editing: Editing, found: Found): Promise<Map<string, string>> {
  const { name, reference, member, parts } = found
  const [first = 'default'] = parts.own
  const part = partOf(member, reference)
  if (parts.own.length < 2 || !first.includes('+')) {
    const last = name.split('.').at(-1)!
    const own = parts.own.includes(last) ? last : first
    const others = parts.own.filter((each) => each !== own)
    return new Map([[own, name], ...(await filedBeside(editing, found, others))])
  }
  const shared = part?.shared ?? reference
  const owns = new Map([[parts.own[part ? part.index + 1 : 0] ?? first, name]])
  const candidates = [
    ...editing.names.of(shared).map((each) => [first, each] as const),
    ...(await partNames(editing, shared, parts.own)),
  ]
  const path = name.slice(0, name.lastIndexOf('.') + 1)
  for (const [own, each] of candidates)
    if (!owns.has(own) || (own !== [...owns.keys()][0] && each === path + own)) owns.set(own, each)
  return owns
}

/** What other names that a text declares are filed as: names of the same file. */
async function filedBeside(
  { workspace, names }: Editing,
  { source }: Found,
  others: readonly string[],
): Promise<(readonly [string, string])[]> {
  const found: (readonly [string, string])[] = []
  for (const own of others) {
    for (const name of matchingNames(names, own)) {
      const filed = names.filed.get(name)
      const other = filed && (await readSource(workspace.components, filed))
      if (other?.file === source.file) found.push([own, name])
    }
  }
  return found
}

async function partNames(
  editing: Editing,
  shared: Reference,
  own: readonly string[],
): Promise<(readonly [string, string])[]> {
  const { workspace, names } = editing
  const found: (readonly [string, string])[] = []
  for (const name of await dependentNames(workspace, names, shared)) {
    const reference = referenceNamed(names, name)
    const part = partOf(await memberAt(editing, reference), reference)
    const isPart = part && referenceText(part.shared) === referenceText(shared)
    const declared = isPart ? own[part.index + 1] : undefined
    if (declared !== undefined) found.push([declared, name])
  }
  return found
}

/** Of `shared[index]`, the two. */
function partOf({ value }: Member, { hash }: Reference): { shared: Reference; index: number } | undefined {
  if (value.type !== 'Member') return undefined
  const [object, property] = [value['object'] as Node, value['property'] as Node]
  const shared = referenceOf(object, hash)
  const index = Number(property['value'])
  return shared && Number.isInteger(index) ? { shared, index } : undefined
}

/** Definitions whose texts only mean the same beside this one. */
async function companionsOf(editing: Editing, entry: Entry): Promise<string[]> {
  const { workspace, names } = editing
  const companions: string[] = []
  for (const [local, { isChanged }] of entry.parts.free) {
    const needed = entry.imports.get(local)
    const reference = isChanged || needed?.isFilled ? needed?.reference : undefined
    const known = reference ? names.of(reference) : []
    const mentioned = entry.source.imports.find(([written]) => written === local)?.[1]
    const name = known.find((each) => each === mentioned) ?? known[0]
    if (name !== undefined) companions.push(name)
  }
  if (!isVariable(entry)) return companions
  const reference = referenceNamed(names, entry.name)
  for (const name of await dependentNames(workspace, names, reference)) {
    const { parts, imports } = await readEntry(editing, name)
    const changes = [...parts.free].some(([local, { isChanged }]) => {
      const target = isChanged ? imports.get(local)?.reference : undefined
      return target && referenceText(target) === referenceText(reference)
    })
    if (changes) companions.push(name)
  }
  return companions
}

/** What the texts mention that came from the same file as they, and is not among them. */
export async function neighboursOf(editing: Editing, entries: readonly Entry[]): Promise<string[]> {
  const { workspace, names } = editing
  const there = new Set(entries.flatMap(({ owns }) => [...owns.values()]))
  const neighbours = new Set<string>()
  for (const { name: asking, imports, parts, source } of entries) {
    for (const local of parts.free.keys()) {
      const reference = imports.get(local)?.reference
      const beside = asking.slice(0, asking.lastIndexOf('.') + 1) + local
      const known = reference ? names.of(reference) : [beside]
      if (known.some((name) => there.has(name) || neighbours.has(name))) continue
      for (const name of known.toSorted((a, b) => Number(b === beside) - Number(a === beside))) {
        const filed = names.filed.get(name)
        const other = filed && (await readSource(workspace.components, filed))
        if (other?.file !== source.file) continue
        neighbours.add(name)
        break
      }
    }
  }
  return [...neighbours]
}

/** Whether functions may assign it, or statements beside it complete what it stands for. */
function isVariable({ parts }: Entry): boolean {
  const [declaration] = parts.module.body().declarations
  const statement = declaration?.pieces[0]?.statement
  return statement?.type === 'VariableDeclaration'
}
