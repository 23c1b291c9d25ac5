// The declarations of a branch as a tree of files, for editors and for the checker: a file for
// each definition and each namespace, and one for each hash that people are shown. Only what
// changed since the tree was written last is made anew.

import { type Changes, changesBetween, lastSegment, sortChanges } from './changes.ts'
import { definitionPath } from './declaration-path.ts'
import { type Declared, declarationText, isIdentifier } from './declaration-text.ts'
import { readSource } from './definition-view.ts'
import { type Hash, type Reference, SHORT_HASH_LENGTH } from './hash.ts'
import { kindOf } from './kind.ts'
import { parentNamespace, walkCommits } from './history.ts'
import { diffNamespaces } from './namespace.ts'
import { isLibrary, type Names } from './names.ts'
import type { Member } from './term.ts'
import type { Workspace } from './workspace.ts'

/** What is known of a tree on disk. */
export interface DeclarationState {
  /** Root of the namespace that it declares. */
  readonly root: Hash | null
  /** By name of a definition, the names that its declaration imports or would import. */
  readonly mentions: Readonly<Record<string, readonly string[]>>
  /** Names that definitions had, and what they are called now: sources go on mentioning the old ones. */
  readonly renamed: Readonly<Record<string, string>>
}

export interface DeclarationUpdate {
  /** Paths below the tree, with `/`; null for what is gone. */
  readonly files: ReadonlyMap<string, string | null>
  readonly state: DeclarationState
}

interface Tree {
  readonly workspace: Workspace
  readonly names: Names
  readonly mentions: Record<string, readonly string[]>
  readonly renamed: Record<string, string>
}

/** What has to be written; undefined when the tree is as it should be. */
export async function declarationTree(
  workspace: Workspace,
  since: DeclarationState | undefined,
): Promise<DeclarationUpdate | undefined> {
  const { root, names, head } = await workspace.readBranch()
  if (since && since.root === root) return undefined
  const changes = await diffNamespaces(since?.root ?? null, root, workspace.objects)
  const renamed = since
    ? { ...since.renamed, ...renamesIn(sortChanges(changes)) }
    : await renamesUpTo(workspace, head)
  const tree: Tree = { workspace, names, mentions: { ...since?.mentions }, renamed }
  const files = new Map<string, string | null>(since ? [] : [[pathOf(''), 'export {}\n']])
  const changed = new Set(changes.map(({ name }) => name))
  for (const name of new Set([...changed].flatMap((each) => [each, ...usersOf(tree, each)])))
    if (isWritable(name)) files.set(`${definitionPath(name)}.d.ts`, await definitionText(tree, name))
  const modules = modulesOf(names)
  for (const path of new Set([...changed].flatMap((name) => [name, parentOf(name)])))
    if (isWritable(path)) files.set(pathOf(path), moduleText(names, path, modules))
  for (const { from, to } of changes) {
    for (const { reference } of [from, to].filter((filed) => filed !== undefined))
      for (const file of hashFiles(reference)) files.set(file, hashModule(names, reference))
  }
  return { files, state: { root, mentions: tree.mentions, renamed } }
}

function renamesIn({ renamed }: Changes): Record<string, string> {
  return Object.fromEntries(renamed.map(({ from, to }) => [from, to]))
}

/** Every rename on the way to `head`; of one name, the last. */
async function renamesUpTo(workspace: Workspace, head: Hash | null): Promise<Record<string, string>> {
  const renamed: Record<string, string> = {}
  for await (const { commit } of walkCommits(workspace, head)) {
    const before = await parentNamespace(workspace, commit)
    const found = renamesIn(await changesBetween(before, commit.namespace, workspace.objects))
    for (const [from, to] of Object.entries(found)) renamed[from] ??= to
  }
  return renamed
}

/** Definitions whose declarations mention `name`, or would if it were there. */
function usersOf({ mentions }: Tree, name: string): string[] {
  return Object.entries(mentions).flatMap(([user, mentioned]) => (mentioned.includes(name) ? [user] : []))
}

/** The declaration of one definition; null when the branch has none of that name. */
async function definitionText(tree: Tree, name: string): Promise<string | null> {
  const { workspace, names, mentions } = tree
  const filed = names.filed.get(name)
  delete mentions[name]
  if (!filed) return null
  const { components } = workspace
  const { members } = await components.component(filed.reference.hash)
  const member = members[filed.reference.index] as Member
  const declared: Declared = {
    own: lastSegment(name),
    kind: kindOf(member),
    row: await components.rowOf(filed.reference),
    source: await readSource(components, filed),
    ...(member.value.type === 'Ability' && { ability: member.value['name'] as string }),
  }
  const mentioned = new Set<string>()
  const text = declarationText(declared, (full) => {
    if (full.startsWith(GUEST)) return { module: '../abilities.js', name: full.slice(GUEST.length) }
    if (full === '' || full === name) return undefined
    mentioned.add(full)
    const target = presentName(tree, full)
    if (target !== undefined) mentioned.add(target)
    if (target === undefined || target === name || !isIdentifier(lastSegment(target))) return undefined
    return { module: `../${definitionPath(target)}.js`, name: lastSegment(target) }
  })
  if (mentioned.size > 0) mentions[name] = [...mentioned]
  return text
}

const GUEST = 'ucm/abilities.'

/** The name that a mentioned definition has now. */
function presentName({ names, renamed }: Tree, name: string): string | undefined {
  const seen = new Set<string>()
  let present = name
  while (!names.filed.has(present) && !seen.has(present)) {
    seen.add(present)
    present = renamed[present] ?? present
  }
  return names.filed.has(present) ? present : undefined
}

/** What can be imported: by path, the definitions directly below it. */
function modulesOf({ filed }: Names): Map<string, string[]> {
  const modules = new Map<string, string[]>()
  for (const name of filed.keys()) {
    const parent = parentOf(name)
    modules.set(parent, [...(modules.get(parent) ?? []), name])
    if (!modules.has(name)) modules.set(name, [])
  }
  return modules
}

/** The module that `ucm/` and the path means: its definition as default, and those below it by name. */
function moduleText(
  names: Names,
  path: string,
  modules: ReadonlyMap<string, readonly string[]>,
): string | null {
  const below = modules.get(path)
  if (!below || isShadowed(path, modules)) return path === '' ? 'export {}\n' : null
  const upward = '../'.repeat(pathOf(path).split('/').length - 1) || './'
  const exports = below
    .filter((name) => isIdentifier(lastSegment(name)) && isWritable(name))
    .map(
      (name) =>
        `export { ${lastSegment(name)} } from ${JSON.stringify(`${upward}${definitionPath(name)}.js`)}`,
    )
  if (names.filed.has(path))
    exports.push(`export { default } from ${JSON.stringify(`${upward}${definitionPath(path)}.js`)}`)
  return `${exports.join('\n') || 'export {}'}\n`
}

/** Whether some file systems take its file for that of another module, which comes first. */
function isShadowed(path: string, modules: ReadonlyMap<string, readonly string[]>): boolean {
  const lower = path.toLowerCase()
  for (const other of modules.keys()) if (other < path && other.toLowerCase() === lower) return true
  return false
}

function pathOf(path: string): string {
  return `${path === '' ? '#' : path.replaceAll('.', '/')}.d.ts`
}

/** Whether file systems everywhere can hold the name, and none of our own files has it. */
function isWritable(name: string): boolean {
  return !/[\\:*?"<>|,^]|^(abilities|globals)$|(^|[./])\/|\/(\.|$)/.test(name)
}

function hashFiles({ hash, index }: Reference): string[] {
  const suffix = index === 0 ? '' : `.${index}`
  return [hash.slice(0, SHORT_HASH_LENGTH), hash].map((text) => `#${text}${suffix}.d.ts`)
}

function hashModule(names: Names, reference: Reference): string | null {
  const name = names.of(reference).find((each) => !isLibrary(each) && isWritable(each))
  if (name === undefined) return null
  const module = JSON.stringify(`./${definitionPath(name)}.js`)
  return `export * from ${module}\nexport { default } from ${module}\n`
}

function parentOf(name: string): string {
  return name.slice(0, Math.max(name.lastIndexOf('.'), 0))
}
