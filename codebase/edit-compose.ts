// Puts the texts of definitions together into one file, or says why they cannot share one.

import { type AddLine, writeAddLine } from './add-line.ts'
import { readSource } from './definition-view.ts'
import { type Editing, type Entry, referenceNamed } from './edit-entries.ts'
import { type Import, printImports, uniteImports } from './edit-imports.ts'
import { KnownError } from './errors.ts'
import { referenceText } from './hash.ts'

/** The text of `file`, which people are shown as `shownAs`. @throws KnownError `edit-apart` */
export async function composeFile(
  editing: Editing,
  entries: readonly Entry[],
  { file, shownAs }: { readonly file: string; readonly shownAs: string },
): Promise<string> {
  const owners = ownersOf(entries)
  const name = file.slice(file.lastIndexOf('/') + 1)
  const later = await laterExports(editing, entries)
  const exported = new Set([...later, ...entries.flatMap(({ parts: { exported: own } }) => [...own])])
  const imports = printImports(importsOf(editing, { entries, owners, exported, file: name }))
  const isModule =
    imports.length + later.length > 0 || entries.some(({ source }) => /\bexport\b/.test(source.text))
  const parts = [
    writeAddLine(shownAs, addLineOf(entries)),
    ...(imports.length > 0 ? [imports.join('\n')] : []),
    ...asWritten(entries).map(({ source }) => source.text),
    ...printExports(later, entries),
    ...(isModule ? [] : ['export {}']),
  ]
  return `${parts.join('\n\n')}\n`
}

/** Texts of one file in the order that they have there: what is evaluated while it loads may hang on it. */
function asWritten(entries: readonly Entry[]): readonly Entry[] {
  const byFile = Map.groupBy(entries, ({ source }) => source.file)
  return [...byFile.values()].flatMap((own) =>
    own.toSorted((a, b) => a.source.line - b.source.line || a.source.column - b.source.column),
  )
}

type Owners = ReadonlyMap<string, Entry>

/** Which text declares each name. */
function ownersOf(entries: readonly Entry[]): Owners {
  const owners = new Map<string, Entry>()
  let byDefault: Entry | undefined
  for (const entry of entries) {
    for (const own of entry.parts.own) {
      const other = owners.get(own)
      if (other) throw apart(other, entry, `both declare \`${own}\``)
      owners.set(own, entry)
    }
    if (!entry.parts.hasDefault) continue
    if (byDefault) throw apart(byDefault, entry, 'both are the default export of their file')
    byDefault = entry
  }
  return owners
}

function apart(a: Entry, b: Entry, why: string): KnownError {
  return new KnownError('input', 'edit-apart', `Cannot write ${a.name} and ${b.name} to one file: ${why}`, {
    hint: 'edit them apart, each with a file of its own',
    details: { names: [a.name, b.name] },
  })
}

interface Composing {
  readonly entries: readonly Entry[]
  readonly owners: Owners
  /** Names that the file exports. */
  readonly exported: ReadonlySet<string>
  /** Its own name. */
  readonly file: string
}

/** What the file has to import; a name can mean one thing only in it. */
function importsOf(editing: Editing, composing: Composing): Map<string, Import> {
  const needed = new Map<string, Import>()
  const askers = new Map<string, Entry>()
  for (const entry of composing.entries) {
    for (const local of entry.parts.free.keys()) {
      const found = importWithin(editing, composing, entry, local)
      if (found === 'here' || entry.parts.own.includes(local)) continue
      const other = composing.owners.get(local) ?? askers.get(local)
      const known = needed.get(local)
      const united = found && known ? uniteImports(known, found) : found
      const isShared =
        other && !composing.owners.has(local) && Boolean(found) === Boolean(known) && united === found
      if (other && !isShared && !(known && united))
        throw apart(other, entry, `\`${local}\` is a name in both, and means two things`)
      askers.set(local, entry)
      if (united) needed.set(local, united)
    }
  }
  return needed
}

/** The import of `local`: none when the file itself declares it so, the file's own when it does by another name. */
function importWithin(
  { names }: Editing,
  { owners, exported, file }: Composing,
  entry: Entry,
  local: string,
): Import | 'here' | undefined {
  const found = entry.imports.get(local)
  // Texts of one file mean the same by one name, also where a branch that never runs mentions it.
  if (!found && owners.get(local)?.source.file === entry.source.file) return 'here'
  if (!found?.reference) return found
  const { reference } = found
  for (const [own, owner] of owners) {
    const name = owner.owns.get(own)
    const isMeant =
      name !== undefined && referenceText(referenceNamed(names, name)) === referenceText(reference)
    if (!isMeant) continue
    if (own === local) return 'here'
    if (!owners.has(local) && exported.has(own)) return { ...found, specifier: `./${file}`, imported: own }
  }
  return found
}

/** Of the names that the texts declare and do not export themselves, those that were exported. */
async function laterExports({ workspace, names }: Editing, entries: readonly Entry[]): Promise<string[]> {
  const exported: string[] = []
  for (const { parts, owns } of entries) {
    for (const [own, name] of owns) {
      const filed = parts.exported.has(own) ? undefined : names.filed.get(name)
      const source = filed && (await readSource(workspace.components, filed))
      if (source?.exported) exported.push(own)
    }
  }
  return exported
}

function printExports(exported: readonly string[], entries: readonly Entry[]): string[] {
  const isType = (own: string): boolean => entries.some(({ parts }) => parts.module.body().types.has(own))
  const types = exported.filter(isType)
  const values = exported.filter((own) => !isType(own))
  return [
    ...(values.length > 0 ? [`export { ${values.join(', ')} }`] : []),
    ...(types.length > 0 ? [`export type { ${types.join(', ')} }`] : []),
  ]
}

/** The namespace that all names lie in, and the names that are not the declared ones below it. */
function addLineOf(entries: readonly Entry[]): AddLine {
  const all = entries.flatMap(({ owns }) => [...owns])
  const paths = all.map(([, name]) => name.split('.').slice(0, -1))
  const [first = []] = paths
  let shared = first.length
  for (const path of paths)
    while (path.slice(0, shared).join('.') !== first.slice(0, shared).join('.')) shared--
  const at = first.slice(0, shared).join('.')
  const below = (name: string): string => (at === '' ? name : name.slice(at.length + 1))
  const as = all.map(([own, name]) => [own, below(name)] as const).filter(([own, name]) => own !== name)
  return { at, as: new Map(as) }
}
