// What define() is given in tests: the disk, the built-in abilities, and no codebase.

import { readFileSync, realpathSync, statSync } from 'node:fs'
import { knownAbilities } from '#abilities'
import { fileStamp, filesBelow } from '../../cli/disk.ts'
import type { Environment, FileSystem } from '#codebase'

export const diskFiles: FileSystem = {
  read(file) {
    return diskFiles.isFile(file) ? readFileSync(file, 'utf8') : undefined
  },
  isFile: (file) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false,
  isFolder: (file) => statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false,
  filesBelow,
  stamp: fileStamp,
  realpath: (file) => realpathSync.native(file),
}

/** An environment in which nothing is named yet. */
export function emptyEnvironment(): Environment {
  return {
    fileSystem: diskFiles,
    abilities: knownAbilities(),
    lookup: async () => undefined,
    effectsOf: async ({ hash }) => {
      throw new RangeError(`Cannot tell the effects of ${hash}: there is no codebase`)
    },
  }
}
