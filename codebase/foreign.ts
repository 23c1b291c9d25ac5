// Definitions that another file changes when it is loaded: `lodash.prototype.at = …` where `lodash` is
// imported. Such a statement belongs to no definition, so what it changes is not what its own file says.

import type { Declaration } from './declarations.ts'
import { meaningOf } from './meanings.ts'
import { isModule } from './modules.ts'
import type { Problem } from './refusals.ts'
import type { World } from './requests.ts'
import { placeAt } from './source.ts'

/** What the opened modules change of each other, with the place that does. */
export function changedElsewhere(world: World): ReadonlyMap<Declaration, Problem> {
  const found = new Map<Declaration, Problem>()
  for (const module of [...world.opened.values()].filter(isModule)) {
    for (const [name, start] of module.body().foreign) {
      const meaning = meaningOf(world, module, name)
      if (meaning?.kind !== 'declaration' || found.has(meaning.declaration)) continue
      found.set(meaning.declaration, {
        code: 'statement-refused',
        reason: `${module.source.shownAs} changes it when it is loaded`,
        hint: 'complete it in its own file',
        place: placeAt(module.source, start),
      })
    }
  }
  return found
}
