// Recognises `ability('Store', { get: op<…>(), … })`.

import { type EsNode, staticName } from './estree.ts'
import { type Refusal, refusal } from './refusals.ts'

/** A declared ability; operations in ascending order of UTF-16 code units. */
export interface AbilitySyntax {
  readonly name: string
  readonly operations: readonly string[]
}

/** The ability that `value` declares; undefined when it declares none, or badly: then `refusals` says why. */
export function readAbility(
  value: EsNode,
  isAbilityMaker: (identifier: EsNode) => boolean,
  refusals: Refusal[],
): AbilitySyntax | undefined {
  if (
    value.type !== 'CallExpression' ||
    value['callee'].type !== 'Identifier' ||
    !isAbilityMaker(value['callee'])
  )
    return undefined
  const [name, operations] = value['arguments'] as EsNode[]
  const names =
    operations?.type === 'ObjectExpression' ? operations['properties'].map(operationName) : [undefined]
  if (name?.type === 'Literal' && typeof name['value'] === 'string' && !names.includes(undefined)) {
    return { name: name['value'], operations: names.sort() }
  }
  refusals.push(
    refusal(
      'ability-malformed',
      value,
      'an ability is declared by its name and its operations, written out',
      "write `ability('Name', { operation: op<[argument: Type], Result>() })`",
    ),
  )
  return undefined
}

function operationName(property: EsNode): string | undefined {
  const isOperation = property.type === 'Property' && property['value'].type === 'CallExpression'
  return isOperation ? staticName(property['key'], property['computed']) : undefined
}
