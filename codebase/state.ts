// State at module level: every call starts fresh, so that what a call leaves there is
// gone. What only remembers (a cache, a scratch buffer, `lastIndex`) is permitted with
// a warning; what counts or collects is refused where it is written.

import type { Declaration } from './declarations.ts'
import { childrenOf, type EsNode, isFunction } from './estree.ts'
import { isOneLiteral } from './lazy.ts'
import { isClosed, isWrittenFirst } from './lifetime.ts'
import { isCompletion } from './patches.ts'
import { type Refusal, refusal } from './refusals.ts'
import type { Binding } from './scope.ts'
import { changesByCall } from './state-calls.ts'
import { makersWithin } from './state-makers.ts'
import { collectionOf } from './state-roots.ts'
import { readUses, type Use, type Uses, type Write } from './state-uses.ts'
import type { StaticContext } from './static-intrinsic.ts'

interface Found {
  readonly refusals: Refusal[]
  readonly warnings: Refusal[]
  readonly completed: Completed[]
}

/** What a declaration completes of another file, and what it is refused for when others see that. */
export interface Completed {
  readonly binding: Binding
  readonly refused: Refusal
}

/** Adds to `findings` what the functions of `declaration` do to what lasts. */
export function checkState(declaration: Declaration, context: StaticContext, findings: Found): void {
  const roots = [declaration.value, ...declaration.completions]
  judge(readUses(roots, context, changesByCall), { context, roots }, findings)
  if (isFunction(declaration.value)) return
  for (const { call, uses, context: made } of makersWithin(roots, context)) {
    const judged: Found = { refusals: [], warnings: [], completed: [] }
    judge(uses, { context: made, roots: [] }, judged)
    if (judged.refusals.length > 0) findings.refusals.push(refuseMaker(call))
    else if (judged.warnings.length > 0) findings.warnings.push(warnOfMaker(call))
  }
}

interface Judging {
  readonly context: StaticContext
  readonly roots: readonly EsNode[]
}

function judge(uses: Uses, { context, roots }: Judging, findings: Found): void {
  for (const [binding, use] of uses.byBinding) {
    const [first] = use.writes
    const isLasting = (other: Binding): boolean => uses.lasting.has(other)
    if (first && isCompletion(use, binding, roots, context)) {
      findings.completed.push({ binding, refused: refuseState(first.node, binding) })
      continue
    }
    const isHandedOn = binding.isModule && binding.kind !== 'import' && context.scratch.has(binding.name)
    if (isHandedOn && first) findings.warnings.push(warnOfMemory(first.node, binding))
    if (isHandedOn || !first || isScratch(use, { binding, context, isLasting }, roots)) continue
    const lost = use.writes.find((write) => !isMemory(write, use, { binding, context, isLasting }))
    if (lost) findings.refusals.push(refuseState(lost.node, binding))
    else findings.warnings.push(warnOfMemory(first.node, binding))
  }
}

function refuseState(node: EsNode, { name }: Binding): Refusal {
  return refusal(
    'state-refused',
    node,
    `it changes \`${name}\`, which outlives the call elsewhere, and here every call starts fresh`,
    'return the changed value, or keep it with `Store` from `ucm/abilities`',
  )
}

function warnOfMemory(node: EsNode, { name }: Binding): Refusal {
  return refusal(
    'state-kept',
    node,
    `what it keeps in \`${name}\` is forgotten after each call`,
    'nothing has to be done if it only saves work',
  )
}

function refuseMaker(call: EsNode): Refusal {
  return refusal(
    'state-refused',
    call,
    'what this makes changes from call to call elsewhere, and here every call starts fresh',
    'make it in the function that uses it, or keep its state with `Store` from `ucm/abilities`',
  )
}

function warnOfMaker(call: EsNode): Refusal {
  return refusal(
    'state-kept',
    call,
    'what this makes remembers, and what it remembers is forgotten after each call',
    'nothing has to be done if it only saves work',
  )
}

interface Kept {
  readonly binding: Binding
  readonly context: StaticContext
  isLasting(binding: Binding): boolean
}

const BUFFERS =
  /^(ArrayBuffer|DataView|(Big)?(Ui|I)nt(8|16|32|64)(Clamped)?Array|Uint8ClampedArray|Float(16|32|64)Array)$/

/** `o.prototype = p; …; o.prototype = undefined`: a property that is set before each use, of what nothing else sees. */
function isScratch({ writes }: Use, kept: Kept, roots: readonly EsNode[]): boolean {
  const [first] = writes as [Write, ...Write[]]
  const isSet = ({ node, key, stored }: Write): boolean =>
    node.type === 'AssignmentExpression' &&
    node['operator'] === '=' &&
    key !== undefined &&
    key === first.key &&
    stored !== null &&
    !mentions(stored, kept)
  return (
    !kept.binding.isModule &&
    writes.every(isSet) &&
    isWrittenFirst(kept.binding, first.node, roots, kept.context)
  )
}

/** Whether a write only remembers what could be computed again. */
function isMemory(write: Write, use: Use, kept: Kept): boolean {
  const collection = collectionOf(write.object, kept.context) ?? ''
  if (BUFFERS.test(collection)) return isFilledFirst(use, kept)
  if (/^Weak(Map|Set)$/.test(collection) || write.key === 'lastIndex') return true
  // Making room in a cache forgets, and nothing else.
  if (use.isRead && /^(delete|clear|shift)$/.test(write.key ?? ''))
    return use.writes.some(({ stored }) => stored !== null)
  if (!use.isRead || write.stored === null || !isComputed(write.stored, kept)) return false
  // One member, always the same, only tells that it was added.
  if (write.key === 'add' && isClosed(write.stored, kept.context, kept.isLasting)) return false
  if (write.isKeyed) return true
  const others = use.writes.flatMap(({ key, stored }) => (key === write.key && stored ? [stored] : []))
  return !isOneLiteral(others) && isClosed(write.stored, kept.context, kept.isLasting)
}

/** Whether the text has a buffer written, with something else than what it held, before it is counted on. */
function isFilledFirst({ writes }: Use, kept: Kept): boolean {
  const first = writes.reduce((a, b) => (b.node.start < a.node.start ? b : a))
  const isMethod = first.node.type === 'CallExpression'
  return isMethod || (first.stored !== null && !mentions(first.stored, kept))
}

/** Whether what is stored comes of a computation, and not of what was stored before or only handed in. */
function isComputed(stored: EsNode, kept: Kept): boolean {
  return !isHandedIn(stored, kept) && !mentions(stored, kept)
}

/** A parameter, or a literal of parameters and other literals. */
function isHandedIn(stored: EsNode, kept: Kept): boolean {
  if (stored.type === 'Identifier') return kept.context.scopes.bindingOf(stored)?.kind === 'param'
  const parts = heldBy(stored).filter(({ type }) => type !== 'Literal')
  return parts.length > 0 && parts.every((part) => isHandedIn(part, kept))
}

function heldBy(node: EsNode): EsNode[] {
  if (node.type === 'ArrayExpression') return node['elements'].filter((each: EsNode | null) => each !== null)
  if (node.type !== 'ObjectExpression') return []
  return node['properties'].map((property: EsNode) => property['value'] ?? property['argument'])
}

/** Whether `node` counts on what is kept, also by way of local constants that are more than it. */
function mentions(node: EsNode, kept: Kept, steps = 8): boolean {
  if (node.type !== 'Identifier')
    return !isFunction(node) && childrenOf(node).some((child) => mentions(child, kept, steps))
  const binding = kept.context.scopes.bindingOf(node)
  if (binding === kept.binding) return true
  const value = binding?.writes === 0 && !binding.isModule ? kept.context.constants.get(binding) : undefined
  const isMore =
    value !== undefined && /^(Binary|Logical|Conditional|Array|Object)Expression$/.test(value.type)
  return isMore && steps > 0 && mentions(value, kept, steps - 1)
}
