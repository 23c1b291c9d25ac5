// What the disk says of files without their being read.

import { lstatSync, readdirSync, type Stats } from 'node:fs'
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
