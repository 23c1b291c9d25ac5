// `.ucm/types`: the codebase as declarations, for editors and for the checker. Derived, and made
// anew where it is missing; what moves the branch brings it up to date.

import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Codebase, DeclarationState, TypeChecker } from '#codebase'
import type { Files, Powers } from './context.ts'

/** What the files look like; a tree of another form is written anew. */
const FORM = 1
const STATE = '#state.json'

/** The folder with the declarations of a codebase. */
export function typesFolder(codebase: Codebase): string {
  return path.join(codebase.folder, 'types')
}

/** A checker that knows the codebase as it is now. */
export async function typeCheckerOf(codebase: Codebase, { files, directory }: Powers): Promise<TypeChecker> {
  const { makeTypeChecker } = await import('./typescript.ts')
  await writeTypes(codebase, files)
  return makeTypeChecker({ files, directory, types: typesFolder(codebase) })
}

/** Brings the declarations up to what the branch holds. */
export async function writeTypes(codebase: Codebase, files: Files): Promise<void> {
  const folder = typesFolder(codebase)
  const stateFile = path.join(folder, STATE)
  const state = readState(files.read(stateFile))
  const update = await codebase.declarations(state)
  if (!update) return
  if (!state) {
    files.remove(folder)
    const { GLOBAL_TYPES, GUEST_TYPES } = await import('#abilities')
    files.write(path.join(folder, 'abilities.d.ts'), files.read(fileURLToPath(GUEST_TYPES)) ?? '')
    files.write(path.join(folder, 'globals.d.ts'), files.read(fileURLToPath(GLOBAL_TYPES)) ?? '')
  } else {
    // A write that is cut short is a tree without a state, which is made anew.
    files.remove(stateFile)
  }
  for (const [name, text] of update.files) {
    const file = path.join(folder, name)
    if (text === null) files.remove(file)
    else files.write(file, text)
  }
  files.write(stateFile, JSON.stringify({ form: FORM, ...update.state }))
}

function readState(text: string | undefined): DeclarationState | undefined {
  if (text === undefined) return undefined
  const { form, ...state } = JSON.parse(text) as DeclarationState & { form: number }
  return form === FORM ? state : undefined
}
