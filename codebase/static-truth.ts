// What `typeof x === 'undefined'` and its like come to when `x` is a name that no
// host of this system has: branches that this rules out are neither checked nor hashed.

import { type EsNode, staticText } from './estree.ts'

/** Whether a name, as it stands in the author's syntax, is one that is never there. */
export type IsAbsent = (identifier: EsNode) => boolean

/** True or false when the absence of names alone decides `test`; else undefined. */
export function staticTruth(test: EsNode, isAbsent: IsAbsent): boolean | undefined {
  switch (test.type) {
    case 'UnaryExpression':
      return test['operator'] === '!' ? negate(staticTruth(test['argument'], isAbsent)) : undefined
    case 'BinaryExpression':
      return comparison(test, isAbsent)
    case 'LogicalExpression': {
      const left = staticTruth(test['left'], isAbsent)
      if (left === undefined || test['operator'] === '??') return undefined
      const isDecided = left === (test['operator'] === '||')
      return isDecided ? left : staticTruth(test['right'], isAbsent)
    }
    default:
      return undefined
  }
}

/** Whether `node` is `typeof x` of an absent name. */
export function isTypeofAbsent(node: EsNode, isAbsent: IsAbsent): boolean {
  return (
    node.type === 'UnaryExpression' &&
    node['operator'] === 'typeof' &&
    node['argument'].type === 'Identifier' &&
    isAbsent(node['argument'])
  )
}

function comparison(test: EsNode, isAbsent: IsAbsent): boolean | undefined {
  const operator: string = test['operator']
  if (!/^[!=]==?$/.test(operator)) return undefined
  const [type, text] = isTypeofAbsent(test['left'], isAbsent)
    ? [test['left'], test['right']]
    : [test['right'], test['left']]
  const compared = staticText(text)
  if (!isTypeofAbsent(type, isAbsent) || compared === undefined) return undefined
  return (compared === 'undefined') === operator.startsWith('=')
}

function negate(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth
}
