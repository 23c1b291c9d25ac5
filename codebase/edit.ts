// Writes definitions as a source file that, added again unchanged, changes nothing: the texts as
// their authors wrote them, below the imports that they need and the line that says how it is added.
// What it is about to hand out is added in a preview first, so that no other file ever is.

import { add } from './add.ts'
import { define, type Environment } from './define.ts'
import { readSource } from './definition-view.ts'
import { composeFile } from './edit-compose.ts'
import { type Editing, type Entry, gatherEntries, neighboursOf } from './edit-entries.ts'
import { KnownError } from './errors.ts'
import { relativePath } from './file-system.ts'
import { isSameText } from './source-object.ts'
import type { Workspace } from './workspace.ts'

export interface EditRequest {
  /** Names, suffixes or hashes. */
  readonly texts: readonly string[]
  /** Absolute path of the file that is to be written; by default one named after the first definition in `directory`. */
  readonly file?: string
  readonly directory: string
}

export interface EditResult {
  readonly file: string
  readonly text: string
  /** Names that the file defines, in ascending order. */
  readonly names: readonly string[]
}

/**
 * The file for the definitions that `texts` mean, and for those that have to stand beside them.
 * @throws KnownError as resolve() does, and `edit-…` where no one file can hold them
 */
export async function edit(
  workspace: Workspace,
  request: EditRequest,
  environment: Environment,
): Promise<EditResult> {
  const { names } = await workspace.readBranch()
  const editing = { workspace, names, abilities: environment.abilities }
  let entries = await gatherEntries(editing, request.texts)
  for (;;) {
    try {
      return await write(editing, entries, request, environment)
    } catch (error) {
      // What a text means may hang on more of its file than its imports tell: on a constant that it fills, say.
      const isChanging = error instanceof KnownError && error.code === 'edit-changes'
      const more = isChanging ? await neighboursOf(editing, entries) : []
      if (more.length === 0) throw error
      entries = await gatherEntries(editing, [...entries.map(({ name }) => name), ...more])
    }
  }
}

async function write(
  editing: Editing,
  entries: readonly Entry[],
  request: EditRequest,
  environment: Environment,
): Promise<EditResult> {
  const file = request.file ?? `${request.directory}/${fileNameFor(entries)}`
  const text = await composeFile(editing, entries, { file, shownAs: relativePath(request.directory, file) })
  await checkUnchanged(editing, { entries, file, text, directory: request.directory }, environment)
  const defined = entries.flatMap(({ owns }) => [...owns.values()])
  return { file, text, names: defined.sort() }
}

/** The last segment of the first name, and the extension that its text came with. */
function fileNameFor([first]: readonly Entry[]): string {
  const stem = first!.name
    .split('.')
    .at(-1)!
    .replaceAll(/[^\p{L}\p{N}_$-]+/gu, '_')
  return `${stem}${/\.[cm]?[jt]sx?$/.exec(first!.source.file)?.[0] ?? '.ts'}`
}

interface Written {
  readonly entries: readonly Entry[]
  readonly file: string
  readonly text: string
  readonly directory: string
}

/** @throws KnownError `edit-changes` when adding the file would change something */
async function checkUnchanged(
  { workspace, names }: Editing,
  { entries, file, text, directory }: Written,
  environment: Environment,
): Promise<void> {
  const { fileSystem } = environment
  const overlaid: Environment = {
    ...environment,
    fileSystem: {
      ...fileSystem,
      read: (path) => (path === file ? text : fileSystem.read(path)),
      isFile: (path) => path === file || fileSystem.isFile(path),
      realpath: (path) => (path === file ? file : fileSystem.realpath(path)),
    },
  }
  const result = await define({ files: [file], directory }, overlaid)
  const [rejection] = result.rejected
  if (rejection) throw wouldChange(entries, rejection.message)
  const report = await add(workspace, result, { command: 'edit', preview: true })
  const changed = [...report.added, ...report.updated, ...report.propagated, ...report.aliases][0]
  if (changed) throw wouldChange(entries, `${changed.name} would not be what it is`)
  for (const { name, source } of result.definitions) {
    const filed = names.filed.get(name)
    const before = filed && (await readSource(workspace.components, filed))
    if (before && !isSameText(before, source)) throw wouldChange(entries, `the text of ${name} would differ`)
  }
}

function wouldChange([first]: readonly Entry[], why: string): KnownError {
  const { name, source } = first!
  return new KnownError(
    'input',
    'edit-changes',
    `Cannot write ${name} to a file that can be added again: ${why}`,
    { hint: `\`ucm view ${name}\` shows its text; it came from ${source.file}`, details: { name } },
  )
}
