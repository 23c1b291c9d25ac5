// State at module level: every call starts fresh, so that what a call leaves there is
// gone. What only remembers (a cache, a scratch buffer, `lastIndex`) is permitted with
// a warning; what counts or collects is refused where it is written.

import type { Declaration } from './declarations.ts'
import { childrenOf, type EsNode, isFunction, staticName, writtenBy } from './estree.ts'
import { type Refusal, refusal } from './refusals.ts'
import type { Binding } from './scope.ts'
import { type StaticContext, staticIntrinsic, staticValue } from './static-intrinsic.ts'
import { CHANGING_METHODS, READING_METHODS } from './statements.ts'

/** What a function does to one module-level object. */
interface Use {
  readonly writes: Write[]
  isRead: boolean
}

interface Write {
  readonly node: EsNode
  /** The object that is written. */
  readonly object: EsNode
  /** What is stored; null when nothing is, or what was there is computed with. */
  readonly stored: EsNode | null
  readonly key: string | undefined
}

/** Adds to `findings` what the functions of `declaration` do to module-level objects. */
export function checkState(
  declaration: Declaration,
  context: StaticContext,
  findings: { refusals: Refusal[]; warnings: Refusal[] },
): void {
  const uses = new Map<Binding, Use>()
  readUses(declaration.value, { declaration, context, uses }, isFunction(declaration.value))
  for (const completion of declaration.completions)
    readUses(completion, { declaration, context, uses }, false)
  for (const [binding, use] of uses) {
    const [first] = use.writes
    if (!first) continue
    const lost = use.writes.find((write) => !isMemory(write, use, binding, context))
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

interface Reading {
  readonly declaration: Declaration
  readonly context: StaticContext
  readonly uses: Map<Binding, Use>
}

function readUses(node: EsNode, reading: Reading, isInFunction: boolean): void {
  const targets = writtenBy(node).filter((target) => target.type === 'MemberExpression')
  if (isInFunction) {
    for (const target of targets) recordWrite(node, target['object'], target, reading)
    if (node.type === 'CallExpression') recordMethod(node, reading)
    if (node.type === 'MemberExpression') recordRead(node, reading)
    if (node.type === 'BinaryExpression' && node['operator'] === 'in')
      recordRead({ ...node, object: node['right'] }, reading)
  }
  for (const child of childrenOf(node)) {
    // The member that is written is no read, but what leads to it may hold some.
    const read = targets.includes(child) ? childrenOf(child) : [child]
    for (const each of read)
      readUses(each, reading, isInFunction || (isFunction(each) && !isCalledBy(node, each)))
  }
}

/** Whether loading runs the function right here: `(() => …)()`, `names.forEach((name) => …)`. */
function isCalledBy(node: EsNode, called: EsNode): boolean {
  if (node.type !== 'CallExpression') return false
  const callee: EsNode = node['callee']
  if (callee === called) return true
  const method =
    callee.type === 'MemberExpression' ? staticName(callee['property'], callee['computed']) : undefined
  return method !== undefined && READING_METHODS.has(method)
}

function recordWrite(node: EsNode, object: EsNode, target: EsNode, reading: Reading): void {
  const isPlain = node.type === 'AssignmentExpression' && /^(=|\?\?=|\|\|=)$/.test(node['operator'])
  const key = staticName(target['property'], target['computed'])
  const use = useOf(object, reading)
  use?.writes.push({ node, object, stored: isPlain ? node['right'] : null, key })
  // `cache[k] ??= …` reads what it may write.
  if (use && isPlain && node['operator'] !== '=') use.isRead = true
}

function recordMethod(call: EsNode, reading: Reading): void {
  const callee: EsNode = call['callee']
  const method =
    callee.type === 'MemberExpression' ? staticName(callee['property'], callee['computed']) : undefined
  if (method === undefined || !CHANGING_METHODS.has(method)) return
  const collection = collectionOf(callee['object'], reading.context)
  if (collection === undefined) return
  const use = useOf(callee['object'], reading)
  const stored: EsNode | null =
    method === 'set'
      ? (call['arguments'][1] ?? null)
      : method === 'add'
        ? (call['arguments'][0] ?? null)
        : null
  use?.writes.push({ node: call, object: callee['object'], stored, key: method })
}

function recordRead(member: EsNode, reading: Reading): void {
  const method = staticName(member['property'] ?? member['left'], member['computed'])
  const isChange =
    method !== undefined &&
    CHANGING_METHODS.has(method) &&
    collectionOf(member['object'], reading.context) !== undefined
  const use = isChange ? undefined : useOf(member['object'], reading)
  if (use) use.isRead = true
}

/** The use of the module-level object that a chain of members starts from; undefined when it starts elsewhere. */
function useOf(object: EsNode, { declaration, context, uses }: Reading): Use | undefined {
  const binding = rootBinding(object, context)
  if (!binding?.isModule || declaration.locals.has(binding)) return undefined
  let use = uses.get(binding)
  if (!use) uses.set(binding, (use = { writes: [], isRead: false }))
  return use
}

/** Through members and local constants to the name that holds the object. */
function rootBinding(node: EsNode, context: StaticContext, steps = 16): Binding | undefined {
  let root = node
  while (root.type === 'MemberExpression' || root.type === 'ChainExpression')
    root = root['object'] ?? root['expression']
  const binding = root.type === 'Identifier' ? context.scopes.bindingOf(root) : undefined
  if (!binding || binding.isModule || steps === 0) return binding ?? undefined
  const initialiser = binding.writes === 0 ? context.constants.get(binding) : undefined
  return initialiser && rootBinding(initialiser, context, steps - 1)
}

const BUFFERS =
  /^(ArrayBuffer|DataView|(Big)?(Ui|I)nt(8|16|32|64)(Clamped)?Array|Uint8ClampedArray|Float(16|32|64)Array)$/

/** `Array`, `Map`, `Uint8Array`, … when `node` certainly is one. */
function collectionOf(node: EsNode, context: StaticContext): string | undefined {
  const value = staticValue(node, context)
  if (value?.type === 'ArrayExpression') return 'Array'
  if (value?.type === 'Literal' && value['regex']) return 'RegExp'
  if (value?.type !== 'NewExpression' && value?.type !== 'CallExpression') return undefined
  const path = staticIntrinsic(value['callee'], context)
  return path?.replace(/^Array\.(from|of)$/, 'Array')
}

/** Whether a write only remembers what could be computed again. */
function isMemory(write: Write, use: Use, binding: Binding, context: StaticContext): boolean {
  const collection = collectionOf(write.object, context) ?? ''
  if (BUFFERS.test(collection) || /^Weak(Map|Set)$/.test(collection) || write.key === 'lastIndex') return true
  // Making room in a cache forgets, and nothing else.
  if (use.isRead && /^(delete|clear|shift)$/.test(write.key ?? ''))
    return use.writes.some(({ stored }) => stored !== null)
  return use.isRead && write.stored !== null && isComputed(write.stored, binding, context)
}

/** Whether what is stored comes of a computation, and not of what was stored before or only handed in. */
function isComputed(stored: EsNode, binding: Binding, context: StaticContext): boolean {
  if (stored.type === 'Identifier' && context.scopes.bindingOf(stored)?.kind === 'param') return false
  const mentions = (node: EsNode): boolean =>
    (node.type === 'Identifier' && context.scopes.bindingOf(node) === binding) ||
    (!isFunction(node) && childrenOf(node).some(mentions))
  return !mentions(stored)
}
