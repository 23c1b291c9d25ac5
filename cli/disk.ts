// What the disk says of files without their being read.

import { lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs'
import path from 'node:path'
import type { FileStamp } from '#codebase'

/** Paths of all files below `folder`, relative to it, with `/`, in ascending order; none when it is not there. */
export function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(folder.length + 1).replaceAll('\\', '/'))
      .sort()
  } catch (error) {
    if (/^(ENOENT|ENOTDIR)$/.test((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}

/** The stamp of a plain file; undefined for anything else, a symbolic link too. */
export function fileStamp(file: string): FileStamp | undefined {
  const found = statusOf(file)
  if (!found?.isFile()) return undefined
  const { size, mtimeMs, ctimeMs, ino } = found
  return { changedMs: Math.max(mtimeMs, ctimeMs), text: `${size} ${mtimeMs} ${ctimeMs} ${ino}` }
}

/** `a.js/package.json` is looked for where a package is imported by one of its files: there is none. */
function statusOf(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw error
  }
}

/** What decides what definitions come of sources, and how they are declared and checked. */
const DECIDING = ['codebase', 'abilities', 'cli']

/**
 * What tells the program in `root` from others: its version, TypeScript's, and when its sources changed last;
 * a built package has none.
 */
export function programBuild(root: string, version: string): string {
  const isBuilt = !import.meta.filename.endsWith('.ts')
  const changes = (isBuilt ? [] : DECIDING).flatMap((name) => {
    const folder = path.join(root, name)
    const sources = filesBelow(folder).filter((file) => file.endsWith('.ts'))
    return sources.map((file) => fileStamp(path.join(folder, file))?.changedMs ?? 0)
  })
  return `${version} ${typescriptVersion(root)} ${Math.max(0, ...changes)}`
}

/** Of the TypeScript that the program in `root` finds. */
function typescriptVersion(root: string): string {
  for (let folder = root; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'node_modules/typescript/package.json')
    if (statusOf(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
    if (folder === path.dirname(folder)) return 'none'
  }
}
