// Scratch: variables and small records of a module that hand a value on within one call.
// Every function that reads one has written it before, or called one that writes it, on
// every path; or one is a flag, which whoever changes it puts back. What they hold between
// calls is not read.

import { childrenOf, type EsNode, isFunction, patternIdentifiers, staticName, writtenBy } from './estree.ts'
import { isLater } from './lifetime.ts'
import { walkPaths } from './paths-through.ts'
import type { Binding, Scopes } from './scope.ts'
import { aliasesOf, candidatesOf } from './scratch-candidates.ts'

/** Names of the module-level scratch of `program`. */
export function scratchNames(program: EsNode, scopes: Scopes): ReadonlySet<string> {
  const initialisers = candidatesOf(program, scopes)
  if (initialisers.size === 0) return new Set()
  const reading: Reading = {
    scopes,
    initialisers,
    aliases: aliasesOf(scopes),
    touching: new Map(),
    functions: new Set(),
    named: new Map(),
    loaded: new Set(),
  }
  for (const statement of program['body']) readStatement(statement, reading)
  const names = [...initialisers.keys()].filter(
    (binding) => !reading.loaded.has(binding) && isScratch(binding, reading),
  )
  return new Set(names.map(({ name }) => name))
}

/** A function of the module, or the name of a method of it. */
type Called = Binding | string

interface Reading {
  readonly scopes: Scopes
  /** What each candidate is declared with. */
  readonly initialisers: ReadonlyMap<Binding, EsNode | null>
  /** Local constants that are another name for a module-level one. */
  readonly aliases: ReadonlyMap<Binding, Binding>
  /** Functions that read or write each candidate. */
  readonly touching: Map<Binding, Set<EsNode>>
  /** The outermost functions. */
  readonly functions: Set<EsNode>
  /** The functions, and methods, that a name calls. */
  readonly named: Map<Called, EsNode[]>
  /** Candidates that loading writes too. */
  readonly loaded: Set<Binding>
}

function readStatement(statement: EsNode, reading: Reading): void {
  const declared: EsNode = statement['declaration'] ?? statement
  if (declared.type === 'VariableDeclaration' && declared['declarations'].length > 1) {
    for (const declarator of declared['declarations']) readPiece(declarator, [declarator.id], reading)
  } else {
    const ids: EsNode[] = declared['declarations']?.map(({ id }: EsNode) => id) ?? [declared['id']]
    readPiece(declared, ids, reading)
  }
}

function readPiece(piece: EsNode, ids: readonly (EsNode | null)[], reading: Reading): void {
  const bindings = ids.flatMap((id) => patternIdentifiers(id)).map((id) => reading.scopes.bindingOf(id))
  const made = madeBy(piece)
  if (made && !made['async'] && !made['generator'])
    for (const name of [...bindings.filter((binding) => !!binding), ...methodsMadeBy(piece)])
      reading.named.set(name, [...(reading.named.get(name) ?? []), made])
  const visit = (node: EsNode, inside: EsNode | null): void => {
    if (inside) {
      reading.functions.add(inside)
      for (const touched of [node, ...writtenBy(node)]) {
        const candidate = candidateOf(objectOf(touched), reading)
        if (candidate)
          reading.touching.set(candidate, (reading.touching.get(candidate) ?? new Set()).add(inside))
      }
    }
    const targets = writtenBy(node)
    for (const target of inside ? [] : targets) {
      const candidate = candidateOf(target, reading)
      if (candidate) reading.loaded.add(candidate)
    }
    for (const child of childrenOf(node)) {
      const within = inside ?? (isLater(node, child) ? child : null)
      // What declares a name, or makes it another one's, is no mention.
      if (node.type === 'VariableDeclarator' && child.type === 'Identifier') continue
      visit(child, within)
    }
  }
  visit(piece, isFunction(piece) ? piece : null)
}

function objectOf(node: EsNode): EsNode {
  return node.type === 'MemberExpression' ? node['object'] : node
}

/** The function that a piece names. */
function madeBy(piece: EsNode): EsNode | undefined {
  let value: EsNode | null = piece.type === 'ExpressionStatement' ? piece['expression'] : piece
  while (value?.type === 'AssignmentExpression') value = value['right']
  if (value?.type === 'VariableDeclaration') value = value['declarations'][0].init
  if (value?.type === 'VariableDeclarator') value = value['init']
  // What a function that is called on the spot hands out.
  const maker: EsNode | undefined = value?.type === 'CallExpression' ? value['callee'] : undefined
  const last: EsNode | undefined = maker && isFunction(maker) ? maker['body'].body?.at?.(-1) : undefined
  if (last?.type === 'ReturnStatement') value = last['argument']
  return value && isFunction(value) ? value : undefined
}

/** `sin` and `sine` of `P.sine = P.sin = function () { … }`. */
function methodsMadeBy(piece: EsNode): string[] {
  const names: string[] = []
  let node: EsNode = piece.type === 'ExpressionStatement' ? piece['expression'] : piece
  for (; node.type === 'AssignmentExpression'; node = node['right']) {
    const { left } = node as EsNode & { left: EsNode }
    const name = left.type === 'MemberExpression' ? staticName(left['property'], left['computed']) : undefined
    if (name !== undefined) names.push(name)
  }
  return names
}

function calledBy({ callee }: EsNode, scopes: Scopes): Called | undefined {
  if (callee.type === 'MemberExpression') return staticName(callee.property, callee.computed)
  const binding = callee.type === 'Identifier' ? scopes.bindingOf(callee) : undefined
  return binding?.isModule ? binding : undefined
}

function candidateOf(node: EsNode, { scopes, aliases, initialisers }: Reading): Binding | undefined {
  const binding = node.type === 'Identifier' ? scopes.bindingOf(node) : undefined
  const meant = binding && (aliases.get(binding) ?? binding)
  return meant && initialisers.has(meant) ? meant : undefined
}

/** What `node` assigns to `binding` with `=`; null for another way of writing it, undefined when it writes none. */
function writtenTo(binding: Binding, node: EsNode, reading: Reading): EsNode | null | undefined {
  const target = writtenBy(node).find((each) => candidateOf(objectOf(each), reading) === binding)
  if (!target) return undefined
  const isNamed =
    target.type === 'Identifier' || staticName(target['property'], target['computed']) !== undefined
  const isPlain = node.type === 'AssignmentExpression' && node['operator'] === '=' && node['left'] === target
  return isPlain && isNamed ? node['right'] : null
}

function isScratch(binding: Binding, reading: Reading): boolean {
  const touching = [...(reading.touching.get(binding) ?? [])]
  if (touching.length === 0) return false
  const writers = writersOf(binding, reading)
  return (
    touching.every((called) => !readsFirst(called, binding, writers, reading)) ||
    isFlag(binding, touching, reading)
  )
}

/** Functions that write `binding` on every path, themselves or by calling one that does. */
function writersOf(binding: Binding, reading: Reading): Set<Called> {
  const writers = new Set<Called>()
  for (let hasGrown = true; hasGrown; ) {
    hasGrown = false
    for (const [name, functions] of reading.named) {
      if (writers.has(name) || !functions.every((called) => writesAlways(called, binding, writers, reading)))
        continue
      writers.add(name)
      hasGrown = true
    }
  }
  return writers
}

function effectOf(
  node: EsNode,
  binding: Binding,
  writers: ReadonlySet<Called>,
  reading: Reading,
): true | undefined {
  if (node.type === 'CallExpression') {
    const called = calledBy(node, reading.scopes)
    return called !== undefined && writers.has(called) ? true : undefined
  }
  return writtenTo(binding, node, reading) === undefined ? undefined : true
}

/** Whether it has written `binding` where it comes to its end; that it ends earlier is taken for a special case. */
function writesAlways(
  called: EsNode,
  binding: Binding,
  writers: ReadonlySet<Called>,
  reading: Reading,
): boolean {
  let isAlways = false
  walkPaths(called, false, {
    isOneEnough: true,
    effect: (node) => effectOf(node, binding, writers, reading),
    exit: (kind, isWritten) => {
      if (kind === 'return') isAlways = isWritten
    },
  })
  return isAlways
}

function readsFirst(
  called: EsNode,
  binding: Binding,
  writers: ReadonlySet<Called>,
  reading: Reading,
): boolean {
  const targets = new Set<EsNode>()
  let hasRead = false
  walkPaths(called, false, {
    isOneEnough: true,
    effect: (node) => effectOf(node, binding, writers, reading),
    at(node, isWritten) {
      const written = writtenTo(binding, node, reading)
      // The name, or the object, in what is only written is not read.
      if (written) targets.add(node['left']).add(objectOf(node['left']))
      if (node.type === 'VariableDeclarator') targets.add(node['id']).add(node['init'])
      if (!isWritten && (written === null || (!targets.has(node) && candidateOf(node, reading) === binding)))
        hasRead = true
    },
  })
  return hasRead
}

/** Whether whoever changes a literal puts it back, wherever the function is left. */
function isFlag(binding: Binding, touching: readonly EsNode[], reading: Reading): boolean {
  const initial = reading.initialisers.get(binding)
  if (initial?.type !== 'Literal' || typeof initial['value'] !== 'boolean') return false
  let isPutBack = true
  const valueOf = (node: EsNode): unknown => writtenTo(binding, node, reading)?.['value']
  for (const called of touching) {
    const paired = pairedChanges(called, (node) => valueOf(node), initial['value'])
    walkPaths(called, true, {
      effect(node) {
        const written = writtenTo(binding, node, reading)
        if (written === undefined || paired.has(node)) return undefined
        if (typeof written?.['value'] !== 'boolean') isPutBack = false
        return written?.['value'] === initial['value']
      },
      exit: (_kind, isAsBefore) => {
        if (!isAsBefore) isPutBack = false
      },
    })
  }
  return isPutBack
}

/** Changes made under a condition that what puts them back is under, word by word: `if (n == null) on = true`. */
function pairedChanges(called: EsNode, valueOf: (node: EsNode) => unknown, initial: unknown): Set<EsNode> {
  const changed = new Map<string, EsNode[]>()
  const restored = new Set<string>()
  const visit = (node: EsNode, under: readonly string[]): void => {
    const value = valueOf(node)
    if (value === initial) for (const test of under) restored.add(test)
    else if (value !== undefined)
      for (const test of under) changed.set(test, [...(changed.get(test) ?? []), node])
    const isChoice = node.type === 'IfStatement' || node.type === 'ConditionalExpression'
    for (const child of childrenOf(node))
      visit(child, isChoice && child === node['consequent'] ? [...under, wordsOf(node['test'])] : under)
  }
  visit(called, [])
  return new Set([...changed].flatMap(([test, nodes]) => (restored.has(test) ? nodes : [])))
}

function wordsOf(node: EsNode): string {
  return JSON.stringify(node, (key, value: unknown) => {
    if (/^(start|end|range|loc|raw)$/.test(key)) return undefined
    return typeof value === 'bigint' ? String(value) : value
  })
}
