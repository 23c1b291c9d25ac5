// What the functions of a declaration do, when they are called, to what lasts from
// call to call: which names they write, what they store, whether they read it again.

import {
  childrenOf,
  type EsNode,
  isClass,
  isFunction,
  patternIdentifiers,
  staticName,
  staticText,
  writtenBy,
} from './estree.ts'
import { collectLasting, isLater } from './lifetime.ts'
import { intrinsicPath } from './nominal.ts'
import type { Binding } from './scope.ts'
import { collectionOf, isCollection, rootBinding, type Rooting } from './state-roots.ts'
import { type StaticContext, staticValue } from './static-intrinsic.ts'
import { CHANGING_CALLS, CHANGING_METHODS } from './statements.ts'

/** What functions do to what one name holds. */
export interface Use {
  readonly writes: Write[]
  isRead: boolean
}

export interface Write {
  readonly node: EsNode
  /** The object that is written, or the name that is assigned. */
  readonly object: EsNode
  /** What is stored; null when nothing is, or what was there is computed with. */
  readonly stored: EsNode | null
  readonly key: string | undefined
  /** Whether what is stored is found again by a key that was computed. */
  readonly isKeyed: boolean
  /** Whether a name is assigned, and what it held is left as it is. */
  readonly isVariable?: true
}

export interface Uses {
  readonly byBinding: ReadonlyMap<Binding, Use>
  /** Names that last, those of the module apart. */
  readonly lasting: ReadonlySet<Binding>
}

export interface Reading extends Rooting {
  readonly uses: Map<Binding, Use>
  /** What the function that a call calls does to what lasts. */
  readonly changesBy: ChangesBy
}

export type ChangesBy = (call: EsNode, reading: Reading) => readonly Write[]

/** What calls of the functions within `roots` do, which are evaluated once. */
export function readUses(roots: readonly EsNode[], context: StaticContext, changesBy: ChangesBy): Uses {
  const lasting = new Set<Binding>()
  for (const root of roots) collectLasting(root, context, lasting)
  const reading: Reading = {
    context,
    uses: new Map(),
    sources: new Map(),
    lasting,
    self: undefined,
    changesBy,
  }
  for (const root of roots) readNode(root, reading, isFunction(root))
  return { byBinding: reading.uses, lasting }
}

/** What calling `called` does to `lasting`. */
export function readCalled(
  called: EsNode,
  context: StaticContext,
  { lasting, changesBy, self }: Pick<Reading, 'lasting' | 'changesBy'> & { readonly self?: Binding },
): Uses {
  const reading: Reading = { context, uses: new Map(), sources: new Map(), lasting, self, changesBy }
  readNode(called, reading, true)
  return { byBinding: reading.uses, lasting }
}

const NOTHING_WRITTEN: readonly EsNode[] = []

function readNode(node: EsNode, reading: Reading, isInFunction: boolean): void {
  const targets = isInFunction ? writtenBy(node) : NOTHING_WRITTEN
  if (isInFunction) recordSources(node, reading)
  for (const target of targets) recordWrite(node, target, reading)
  if (isInFunction) readOne(node, reading)
  for (const child of childrenOf(node)) {
    // Arrows keep `this`; of other functions only what a static method has is known.
    const losesThis = reading.self && isFunction(child) && child.type !== 'ArrowFunctionExpression'
    const within = losesThis ? { ...reading, self: undefined } : reading
    const isCalled = isInFunction || isLater(node, child)
    // The member that is written is no read, but what leads to it may hold some.
    if (targets.length === 0 || !targets.includes(child)) readNode(child, within, isCalled)
    else for (const part of childrenOf(child)) readNode(part, within, isCalled)
  }
  if (isClass(node)) readStatics(node, reading)
}

/** Where loops, callbacks and defaults take their names from. */
function recordSources(node: EsNode, { sources, context }: Reading): void {
  const record = (pattern: EsNode | undefined, source: EsNode): void => {
    for (const id of pattern ? patternIdentifiers(pattern) : []) {
      const binding = context.scopes.bindingOf(id)
      if (binding && sources) sources.set(binding, source)
    }
  }
  if (node.type === 'ForOfStatement' && node['left'].type === 'VariableDeclaration')
    record(node['left'].declarations[0].id, node['right'])
  if (node.type === 'AssignmentPattern') record(node['left'], node['right'])
  const callee: EsNode | undefined = node.type === 'CallExpression' ? node['callee'] : undefined
  if (callee?.type !== 'MemberExpression') return
  const method = staticName(callee['property'], callee['computed']) ?? ''
  const [called] = node['arguments'] as EsNode[]
  if (!/^(forEach|map|filter|reduce|reduceRight|some|every|find|findIndex|flatMap)$/.test(method)) return
  if (called && isFunction(called))
    record(called['params'][method.startsWith('reduce') ? 1 : 0], callee['object'])
}

/** In static methods of a class that lasts, `this` is the class. */
function readStatics(node: EsNode, reading: Reading): void {
  const binding = node['id'] && reading.context.scopes.bindingOf(node['id'])
  const self: Binding = binding ?? { id: -1, name: 'this', kind: 'self', isModule: false, writes: 0 }
  if (binding && !binding.isModule && !reading.lasting.has(binding)) return
  for (const member of node['body'].body as EsNode[]) {
    if (member.type !== 'MethodDefinition' || !member['static']) continue
    readNode(member['value'], { ...reading, lasting: new Set([...reading.lasting, self]), self }, true)
  }
}

function readOne(node: EsNode, reading: Reading): void {
  switch (node.type) {
    case 'ForOfStatement':
    case 'SpreadElement':
    case 'VariableDeclarator':
      for (const change of reading.changesBy(node, reading)) addWrite(change, reading)
      return
    case 'CallExpression':
      recordMethod(node, reading)
      for (const change of reading.changesBy(node, reading)) addWrite(change, reading)
      return
    case 'MemberExpression':
      for (const change of reading.changesBy(node, reading)) addWrite(change, reading)
      return recordRead(node['object'], node, reading)
    case 'BinaryExpression':
      if (node['operator'] === 'in') recordRead(node['right'], node, reading)
      return
    case 'Identifier': {
      const binding = reading.context.scopes.bindingOf(node)
      const use = binding && !binding.isModule && reading.lasting.has(binding) && reading.uses.get(binding)
      if (use) use.isRead = true
    }
  }
}

function recordWrite(node: EsNode, target: EsNode, reading: Reading): void {
  const isPlain = node.type === 'AssignmentExpression' && /^(=|\?\?=|\|\|=)$/.test(node['operator'])
  const stored: EsNode | null = isPlain && node['left'] === target ? node['right'] : null
  const isVariable = target.type === 'Identifier'
  // Assigning a name of the module is refused, or was boxed, before.
  const assigned = isVariable ? reading.context.scopes.bindingOf(target) : undefined
  if (isVariable && (!assigned || !reading.lasting.has(assigned))) return
  if (!isVariable && target.type !== 'MemberExpression') return
  const key = isVariable ? undefined : staticName(target['property'], target['computed'])
  const object: EsNode = isVariable ? target : target['object']
  const use = addWrite(
    {
      node,
      object,
      stored,
      key,
      isKeyed: !isVariable && key === undefined,
      ...(isVariable && { isVariable }),
    },
    reading,
  )
  // `cache[k] ??= …` reads what it may write.
  if (use && isPlain && node['operator'] !== '=') use.isRead = true
}

function addWrite(write: Write, reading: Reading): Use | undefined {
  const binding = lastingRoot(write.object, reading)
  const use = binding && useOf(binding, reading)
  use?.writes.push(write)
  return use
}

function recordMethod(call: EsNode, reading: Reading): void {
  const { callee, arguments: given } = call as EsNode & { callee: EsNode; arguments: EsNode[] }
  const path = intrinsicPath(callee, reading.context.scopes)
  // Freezing changes nothing that is read.
  if (path !== undefined && CHANGING_CALLS.has(path) && !/freeze|seal|prevent/.test(path) && given[0]) {
    addWrite({ node: call, object: given[0], stored: null, key: undefined, isKeyed: false }, reading)
    return
  }
  const method =
    callee.type === 'MemberExpression' ? staticName(callee['property'], callee['computed']) : undefined
  if (method === undefined) return
  const isMatch = method === 'test' || method === 'exec'
  if (
    isMatch &&
    collectionOf(callee['object'], reading.context) === 'RegExp' &&
    isStateful(callee['object'], reading.context)
  )
    addWrite(
      { node: call, object: callee['object'], stored: null, key: 'lastIndex', isKeyed: false },
      reading,
    )
  if (!CHANGING_METHODS.has(method) || !isCollection(callee['object'], method, reading)) return
  const stored = method === 'set' ? given[1] : method === 'add' ? given[0] : undefined
  const isKeyed = given[0] !== undefined && given[0].type !== 'Literal' && staticText(given[0]) === undefined
  addWrite({ node: call, object: callee['object'], stored: stored ?? null, key: method, isKeyed }, reading)
}

/** Whether a regular expression goes on where it stopped. */
function isStateful(node: EsNode, context: StaticContext): boolean {
  return /[gy]/.test(staticValue(node, context)?.['regex']?.flags ?? '')
}

function recordRead(object: EsNode, member: EsNode, reading: Reading): void {
  const binding = lastingRoot(object, reading)
  if (!binding) return
  const method =
    member.type === 'MemberExpression' ? staticName(member['property'], member['computed']) : undefined
  const isChange =
    method !== undefined && CHANGING_METHODS.has(method) && isCollection(object, method, reading)
  if (!isChange) useOf(binding, reading).isRead = true
}

/** What a chain of members starts from; undefined when that does not last. */
function lastingRoot(object: EsNode, reading: Reading): Binding | undefined {
  const binding = rootBinding(object, reading)
  return binding && (binding.isModule || reading.lasting.has(binding)) ? binding : undefined
}

function useOf(binding: Binding, reading: Reading): Use {
  let use = reading.uses.get(binding)
  if (!use) reading.uses.set(binding, (use = { writes: [], isRead: false }))
  return use
}
