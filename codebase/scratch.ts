// Scratch: variables and small records of a module that hand a value on within one call.
// Every function that reads one has written it before, or called one that writes it; or
// one is a flag, which whoever changes it puts back. What they hold between calls is not read.

import { childrenOf, type EsNode, isFunction, patternIdentifiers, staticName, writtenBy } from './estree.ts'
import { isLater } from './lifetime.ts'
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
    events: new Map(),
    writers: new Map(),
    pieces: [],
    loaded: new Set(),
  }
  for (const statement of program['body']) readStatement(statement, reading)
  spreadWriters(reading)
  const names = [...initialisers.keys()].filter(
    (binding) => !reading.loaded.has(binding) && isScratch(binding, reading),
  )
  return new Set(names.map(({ name }) => name))
}

interface Event {
  /** Where it is over, in the order of the text. */
  readonly at: number
  readonly kind: 'read' | 'write' | 'call'
  /** What is written, or the name that is called. */
  readonly value: EsNode | Called | null
}

/** A function of the module, or the name of a method of it. */
type Called = Binding | string

/** A top-level statement: what it makes, writes and calls. */
interface Piece {
  readonly names: readonly Called[]
  readonly written: Set<Binding>
  readonly calls: Set<Called>
}

interface Reading {
  readonly scopes: Scopes
  /** What each candidate is declared with. */
  readonly initialisers: ReadonlyMap<Binding, EsNode | null>
  /** Local constants that are another name for a module-level one. */
  readonly aliases: ReadonlyMap<Binding, Binding>
  /** What each function does to each candidate; calls under null. */
  readonly events: Map<EsNode, Map<Binding | null, Event[]>>
  /** Candidates that the functions and methods of a name write, or call others for. */
  readonly writers: Map<Called, Set<Binding>>
  readonly pieces: Piece[]
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
  const names: Called[] = [...bindings.filter((binding) => !!binding), ...methodsMadeBy(piece)]
  const own: Piece = { names, written: new Set(), calls: new Set() }
  const visit = (node: EsNode, inside: EsNode | null): void => {
    if (inside) readNode(node, inside, reading, own)
    const targets = writtenBy(node)
    for (const target of inside ? [] : targets) {
      const candidate = candidateOf(target, reading)
      if (candidate) reading.loaded.add(candidate)
    }
    for (const child of childrenOf(node)) {
      const within = inside ?? (isLater(node, child) ? child : null)
      // What declares a name, or makes it another one's, is no mention.
      const isDeclared = node.type === 'VariableDeclarator' && child.type === 'Identifier'
      const isTarget = targets.includes(child) && child.type === 'Identifier'
      if (isDeclared || isTarget) continue
      if (!targets.includes(child)) visit(child, within)
      else if (child['computed']) visit(child['property'], within)
    }
  }
  visit(piece, isFunction(piece) ? piece : null)
  reading.pieces.push(own)
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
  return isFunction(node) ? names : []
}

/** Whoever calls one that writes, writes. */
function spreadWriters({ pieces, writers }: Reading): void {
  for (let hasGrown = true; hasGrown; ) {
    hasGrown = false
    for (const { names, written, calls } of pieces) {
      const before = written.size
      for (const called of calls) for (const binding of writers.get(called) ?? []) written.add(binding)
      for (const name of names) writers.set(name, written)
      if (written.size > before) hasGrown = true
    }
  }
}

function readNode(node: EsNode, inside: EsNode, reading: Reading, own: Piece): void {
  const note = (of: Binding | null, event: Event): void => {
    const events = reading.events.get(inside) ?? new Map<Binding | null, Event[]>()
    reading.events.set(inside, events.set(of, [...(events.get(of) ?? []), event]))
  }
  for (const target of writtenBy(node)) {
    const candidate = candidateOf(target.type === 'MemberExpression' ? target['object'] : target, reading)
    if (!candidate) continue
    const isNamed =
      target.type === 'Identifier' || staticName(target['property'], target['computed']) !== undefined
    const isPlain =
      node.type === 'AssignmentExpression' && node['operator'] === '=' && node['left'] === target && isNamed
    own.written.add(candidate)
    if (!isPlain) note(candidate, { at: node.start, kind: 'read', value: null })
    note(candidate, { at: node.end, kind: 'write', value: isPlain ? node['right'] : null })
  }
  const called = node.type === 'CallExpression' ? calledBy(node, reading.scopes) : undefined
  if (called !== undefined) {
    own.calls.add(called)
    note(null, { at: node.end, kind: 'call', value: called })
  }
  const candidate = node.type === 'Identifier' ? candidateOf(node, reading) : undefined
  if (candidate) note(candidate, { at: node.start, kind: 'read', value: null })
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

function isScratch(binding: Binding, { events, writers, initialisers }: Reading): boolean {
  const all = [...events.values()].map((each) => ({
    own: (each.get(binding) ?? []).toSorted((a, b) => a.at - b.at),
    calls: (each.get(null) ?? []).filter(({ value }) => writers.get(value as Called)?.has(binding)),
  }))
  const isOf = (kind: Event['kind']): boolean =>
    all.some(({ own }) => own.some((event) => event.kind === kind))
  if (!isOf('read') || !isOf('write')) return false
  const isHandedOn = all.every(({ own, calls }) => {
    const read = own.find(({ kind }) => kind === 'read')
    const isBefore = ({ at }: Event): boolean => at <= read!.at
    return !read || own.some((event) => event.kind === 'write' && isBefore(event)) || calls.some(isBefore)
  })
  return (
    isHandedOn ||
    isFlag(
      initialisers.get(binding) ?? null,
      all.map(({ own }) => own),
    )
  )
}

/** Whether whoever changes a literal puts it back. */
function isFlag(initial: EsNode | null, events: readonly (readonly Event[])[]): boolean {
  if (initial?.type !== 'Literal' || typeof initial['value'] !== 'boolean') return false
  return events.every((own) => {
    const values = own.flatMap(({ kind, value }) =>
      kind === 'write' ? [(value as EsNode | null)?.['value']] : [],
    )
    return (
      values.every((value) => typeof value === 'boolean') &&
      (values.at(-1) ?? initial['value']) === initial['value']
    )
  })
}
