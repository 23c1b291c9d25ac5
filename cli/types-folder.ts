// `.ucm/types`: the codebase as declarations, for editors and for the checker. Derived, and made
// anew where it is missing; what moves the branch brings it up to date.

import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Codebase, DeclarationState, DeclarationUpdate, TypeChecker } from '#codebase'
import type { Files, Powers } from './context.ts'

const STATE = '#state.json'

/** The folder with the declarations of a codebase. */
export function typesFolder(codebase: Codebase): string {
  return path.join(codebase.folder, 'types')
}

/** A checker that knows the codebase as it is now. */
export async function typeCheckerOf(codebase: Codebase, powers: Powers): Promise<TypeChecker> {
  const { makeTypeChecker } = await import('./typescript.ts')
  await writeTypes(codebase, powers)
  const { files, directory } = powers
  return makeTypeChecker({ files, directory, types: typesFolder(codebase) })
}

/** Brings the declarations up to what the branch holds. */
export async function writeTypes(
  codebase: Codebase,
  { files, build }: { readonly files: Files; readonly build: string },
): Promise<void> {
  const folder = typesFolder(codebase)
  const stateFile = path.join(folder, STATE)
  const { state, update } = await updateSince(codebase, readState(files.read(stateFile), build))
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
  files.writeWhole(stateFile, JSON.stringify({ build, ...update.state }))
}

/** A state that the codebase knows nothing of, as after a restored backup, is none. */
async function updateSince(
  codebase: Codebase,
  state: DeclarationState | undefined,
): Promise<{ readonly state: DeclarationState | undefined; readonly update: DeclarationUpdate | undefined }> {
  try {
    return { state, update: await codebase.declarations(state) }
  } catch (error) {
    if (!state) throw error
    return { state: undefined, update: await codebase.declarations(undefined) }
  }
}

/** Undefined for what another build wrote, whose declarations may differ, and for what is damaged. */
function readState(text: string | undefined, build: string): DeclarationState | undefined {
  if (text === undefined) return undefined
  try {
    const { build: builtBy, ...state } = JSON.parse(text) as DeclarationState & { build: string }
    const hasShape = [state.mentions, state.renamed].every((each) => typeof each === 'object' && each)
    return builtBy === build && hasShape ? state : undefined
  } catch {
    return undefined
  }
}
