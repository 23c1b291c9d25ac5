// The real type checker for sources that no codebase holds yet.

import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { GLOBAL_TYPES, GUEST_TYPES } from '#abilities'
import type { TypeChecker } from '#codebase'
import { makeTypeChecker } from '../../cli/typescript.ts'
import { diskFiles } from './environment.ts'
import { temporaryFolder } from './temporary.ts'

/** A checker to which the codebase is empty; `directory` is the working one. */
export function checkerWithout(directory: string): TypeChecker {
  const types = path.join(temporaryFolder(), '.ucm/types')
  mkdirSync(types, { recursive: true })
  copyFileSync(fileURLToPath(GUEST_TYPES), path.join(types, 'abilities.d.ts'))
  copyFileSync(fileURLToPath(GLOBAL_TYPES), path.join(types, 'globals.d.ts'))
  return makeTypeChecker({ files: diskFiles, directory, types })
}
