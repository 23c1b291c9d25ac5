// What a test comes to when some of the names in it are known: absent on every host,
// or constants that the absence of names has settled.

import type { EsNode } from './estree.ts'
import { staticTruth } from './static-truth.ts'

/** What is known of names, as they stand in the author's syntax. */
export interface KnownNames {
  /** Whether it is one that is never there. */
  isAbsent(identifier: EsNode): boolean
  /** Whether it is a constant that the absence of names makes true, or false. */
  truthOf(identifier: EsNode): boolean | undefined
  /** What else is certain of a test; evaluating it does nothing then. */
  certain?(test: EsNode): boolean | undefined
}

/** True or false when the absence of names alone decides `test`, whatever else is in it; else undefined. */
export function knownTruth(test: EsNode, known: KnownNames): boolean | undefined {
  const certain = known.certain?.(test)
  if (certain !== undefined) return certain
  switch (test.type) {
    case 'Identifier':
      return known.truthOf(test)
    case 'Literal':
      return test['isSettled'] === true ? test['value'] : undefined
    case 'UnaryExpression':
      return test['operator'] === '!' ? negate(knownTruth(test['argument'], known)) : undefined
    case 'BinaryExpression':
      return staticTruth(test, (identifier) => known.isAbsent(identifier))
    case 'LogicalExpression': {
      if (test['operator'] === '??') return undefined
      const deciding = test['operator'] === '||'
      const [left, right] = [knownTruth(test['left'], known), knownTruth(test['right'], known)]
      if (left === deciding || right === deciding) return deciding
      return left === undefined ? undefined : right
    }
    // As these are settled themselves, and whether they are already: the order of declarations decides nothing.
    case 'ConditionalExpression': {
      const truth = knownTruth(test['test'], known)
      return truth === undefined ? undefined : knownTruth(chosen(test, truth), known)
    }
    case 'SequenceExpression':
      return knownTruth(test['expressions'].at(-1), known)
    default:
      return undefined
  }
}

function chosen(node: EsNode, truth: boolean): EsNode {
  return truth ? node['consequent'] : node['alternate']
}

/** Whether evaluating `test` can do nothing, so that it need not be evaluated where its truth is known. */
export function isInert(test: EsNode, known: KnownNames): boolean {
  if (known.certain?.(test) !== undefined) return true
  switch (test.type) {
    case 'Identifier':
    case 'Literal':
      return true
    case 'UnaryExpression':
      return test['operator'] === 'typeof' || (test['operator'] === '!' && isInert(test['argument'], known))
    case 'BinaryExpression':
      return staticTruth(test, (identifier) => known.isAbsent(identifier)) !== undefined
    case 'LogicalExpression': {
      if (!isInert(test['left'], known)) return false
      const left = knownTruth(test['left'], known)
      const isDecided = left !== undefined && left === (test['operator'] === '||')
      return isDecided || isInert(test['right'], known)
    }
    case 'ConditionalExpression': {
      const truth = isInert(test['test'], known) ? knownTruth(test['test'], known) : undefined
      return truth !== undefined && isInert(chosen(test, truth), known)
    }
    default:
      return false
  }
}

function negate(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth
}
