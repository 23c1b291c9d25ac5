// What a given file hands on of other files and packages. It is wanted as if the file used
// it, and goes by the name that it has where it is declared.

import type { Declaration } from './declarations.ts'
import { definedNames, exportedMeaning, typeNamed } from './meanings.ts'
import type { Module } from './modules.ts'
import type { Problem } from './refusals.ts'
import { type Meaning, problemAt, requested, type World } from './requests.ts'
import type { Wanted } from './roots.ts'

/** The definitions that `module` exports and others declare: of `export *` all, of a namespace its members. */
export function handedOn(world: World, module: Module): Wanted[] {
  const seen = new Set([module])
  const values = definedNames(world, module).flatMap((name) =>
    declarationsOf(exportedMeaning(world, module, name), seen),
  )
  return [...values, ...typesHandedOn(world, module, new Set())].filter((each) => each.module !== module)
}

/** Namespaces may hold each other: each is looked into once. */
function declarationsOf(meaning: Meaning | undefined, seen: Set<Module>): Wanted[] {
  if (meaning?.kind === 'declaration') return [meaning]
  if (meaning?.kind !== 'namespace') return []
  const { namespace } = meaning
  if (namespace.module) {
    if (seen.has(namespace.module)) return []
    seen.add(namespace.module)
  }
  return (namespace.names() ?? []).flatMap((name) => declarationsOf(namespace.member(name), seen))
}

function typesHandedOn(world: World, module: Module, seen: Set<Module>): Wanted[] {
  if (seen.has(module)) return []
  seen.add(module)
  const named = [...module.typeExports].flatMap(([name, entry]): Wanted[] => {
    const type = typeNamed(world, module, (entry.kind === 'local' && entry.local) || name)
    return type ? [type] : []
  })
  const starred = (module.typeStars ?? []).flatMap((star) => {
    const target = star.specifier.startsWith('.') ? requested(world, module, star) : undefined
    return target?.kind === 'module' ? typesHandedOn(world, target.module, seen) : []
  })
  return [...named, ...starred]
}

/** That a definition is exported under a name which it is not filed under. */
export interface ExportNote {
  readonly declaration: Declaration
  readonly problem: Problem
}

/** The exports of a given file that people may look for in vain; what packages declare goes by their own rules. */
export function exportNotes(world: World, module: Module): ExportNote[] {
  if (module.value) return []
  return [...module.exports].flatMap(([name, { start }]): ExportNote[] => {
    const meaning = name === 'default' ? undefined : exportedMeaning(world, module, name)
    if (meaning?.kind !== 'declaration' || meaning.module.package) return []
    const { declaration } = meaning
    if (declaration.name === name) return []
    const reason = `exported as \`${name}\``
    const hint = `declare it as \`${name}\` to have it under that name`
    return [{ declaration, problem: problemAt({ module, start }, 'exported-as', reason, hint) }]
  })
}
