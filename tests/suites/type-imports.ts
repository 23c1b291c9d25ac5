// Imports of types that do not say so: Node takes types away without looking into other files, and
// would ask those for a value.

import { readFileSync } from 'node:fs'
import { parseSync } from 'oxc-parser'
import { resolveFile } from './files.ts'

/** `text` with `type` before each imported name that its file exports as a type only. */
export function withTypeImports(file: string, text: string): string {
  let result = ''
  let end = 0
  for (const entry of parseSync(file, text, { sourceType: 'module' }).module.staticImports) {
    const target = resolveFile(entry.moduleRequest.value, file)
    const exported = target ? readFileSync(target, 'utf8') : ''
    for (const { importName, isType } of entry.entries) {
      if (isType || importName.kind !== 'Name' || !isTypeIn(exported, importName.name as string)) continue
      result += `${text.slice(end, importName.start as number)}type `
      end = importName.start as number
    }
  }
  return result + text.slice(end)
}

function isTypeIn(exported: string, name: string): boolean {
  const kinds = [...exported.matchAll(/^export (?:declare )?(\w+)\s+(\w+)/gm)].filter(
    (match) => match[2] === name,
  )
  return kinds.length > 0 && kinds.every(([, kind]) => kind === 'type' || kind === 'interface')
}
