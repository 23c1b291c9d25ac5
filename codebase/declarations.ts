// Takes a module apart into declarations: one for each name that it defines. A
// top-level statement that only completes one of them (`f.x = …`, a loop that fills
// a table) belongs to it; names that cannot be told apart while the module loads
// (destructured, assigned again, filled together) are made by one shared constant.

import { type AbilitySyntax, readAbility } from './ability-syntax.ts'
import { invariant } from './errors.ts'
import { type EsNode, identifier, undefinedAt } from './estree.ts'
import { createsIdentity } from './nominal.ts'
import { loadHelpers } from './load-helpers.ts'
import type { Refusal } from './refusals.ts'
import type { Binding, Scopes } from './scope.ts'
import { type Piece, pieceTogether, readPieces } from './pieces.ts'

/** One definition's syntax, erased. */
export interface Declaration {
  /** Its own name; `default` for an unnamed default export. */
  readonly name: string
  /** What mentions of it are resolved to; null when nothing can mention it by name. */
  readonly binding: Binding | null
  /** A function, a class or an expression. */
  readonly value: EsNode
  /** Top-level statements that belong to it, in source order. */
  readonly completions: readonly EsNode[]
  /** The name that is part of its behaviour, when there is one. */
  readonly nominal: string | null
  readonly ability?: AbilitySyntax
  /** Module-level bindings that are local to this definition. */
  readonly locals: ReadonlySet<Binding>
  /** Where it is written: the declaration, then the statements that belong to it. */
  readonly pieces: readonly Piece[]
  readonly refusals: readonly Refusal[]
}

/** What a module defines, and what it does besides. */
export interface ModuleDeclarations {
  readonly declarations: readonly Declaration[]
  /** Top-level statements that belong to no definition, as reasons to refuse. */
  readonly strays: readonly Refusal[]
  /** Imports, by local name, that such statements change or may change, and where. */
  readonly foreign: ReadonlyMap<string, number>
}

export interface DeclarationContext {
  readonly scopes: Scopes
  /** Whether an identifier is `ability` of `ucm/abilities`. */
  isAbilityMaker(identifier: EsNode): boolean
}

export function readDeclarations(program: EsNode, context: DeclarationContext): ModuleDeclarations {
  const strays = { refusals: [], foreign: new Map<string, number>() }
  const helpers = loadHelpers(program, context.scopes)
  const pieces = readPieces(program, context.scopes, helpers)
  const bundles = pieceTogether(pieces, context.scopes, helpers, strays)
  const declarations = bundles.flatMap((bundle) => declarationsOf(bundle, context))
  return { declarations, strays: strays.refusals, foreign: strays.foreign }
}

type Bundle = ReturnType<typeof pieceTogether>[number]

function declarationsOf(bundle: Bundle, context: DeclarationContext): Declaration[] {
  if (!bundle.isShared) return [simpleDeclaration(bundle, context)]
  const shared = sharedConstant(bundle, context.scopes)
  const [only] = bundle.bindings
  if (bundle.bindings.length === 1)
    return [{ ...shared, name: only!.name, binding: only!, nominal: shared.nominal && only!.name }]
  const parts = bundle.bindings.map((binding, i) => partOf(shared, binding, i, context.scopes))
  return [shared, ...parts]
}

/** A declaration of one name, and the statements that complete it. */
function simpleDeclaration(bundle: Bundle, context: DeclarationContext): Declaration {
  const [first, ...completions] = bundle.pieces
  const binding = bundle.bindings[0] ?? null
  const name = binding?.name ?? 'default'
  const value = valueOf(first!.statement, binding, context.scopes)
  const refusals: Refusal[] = []
  const ability = readAbility(value, context.isAbilityMaker, refusals)
  const isNominal = value.type === 'ClassExpression' || createsIdentity(value, context.scopes)
  return {
    name,
    binding,
    value,
    completions: completions.map((piece) => piece.statement),
    nominal: isNominal ? name : null,
    ...(ability && { ability }),
    locals: bundle.locals,
    pieces: bundle.pieces,
    refusals: [...refusals, ...bundle.refusals],
  }
}

/** What a declaration binds its name to. Functions lose their name: mentions of it are of the definition. */
function valueOf(statement: EsNode, binding: Binding | null, scopes: Scopes): EsNode {
  switch (statement.type) {
    case 'VariableDeclaration':
      return statement['declarations'][0].init ?? undefinedAt(statement)
    case 'FunctionDeclaration':
      return { ...statement, type: 'FunctionExpression', id: null }
    case 'ClassDeclaration': {
      const self = scopes.classSelves.get(statement)
      const id = self && binding ? identifier(binding.name, statement['id']) : null
      if (id && self) scopes.bind(id, self)
      return { ...statement, type: 'ClassExpression', id }
    }
    default:
      return statement
  }
}

/** `(() => { …; return [a, b] })()`: all the statements, evaluated together once. */
function sharedConstant(bundle: Bundle, scopes: Scopes): Declaration {
  const [first] = bundle.pieces
  const at = { start: first!.statement.start, end: first!.statement.end }
  const results = bundle.bindings.map((binding) => mentionOf(binding, at, scopes))
  const argument = results.length === 1 ? results[0]! : { type: 'ArrayExpression', elements: results, ...at }
  for (const { statement } of bundle.pieces) nameByOuter(statement, scopes)
  const body = [
    ...bundle.pieces.map((piece) => piece.statement),
    { type: 'ReturnStatement', argument, ...at },
  ]
  const callee = {
    type: 'ArrowFunctionExpression',
    params: [],
    async: false,
    expression: false,
    generator: false,
    id: null,
    body: { type: 'BlockStatement', body, ...at },
    ...at,
  }
  const name = bundle.bindings.map((binding) => binding.name).join('+')
  const isNominal = bundle.pieces.some((piece) => piece.creates)
  return {
    name,
    binding: { id: -1 - bundle.bindings[0]!.id, name, kind: 'const', isModule: true, writes: 0 },
    value: { type: 'CallExpression', callee, arguments: [], optional: false, ...at },
    completions: [],
    nominal: isNominal ? name : null,
    locals: new Set([...bundle.bindings, ...bundle.locals]),
    pieces: bundle.pieces,
    refusals: bundle.refusals,
  }
}

/** `shared[i]`. */
function partOf(shared: Declaration, binding: Binding, index: number, scopes: Scopes): Declaration {
  const at = { start: shared.value.start, end: shared.value.end }
  const object = mentionOf(shared.binding!, at, scopes)
  const property = { type: 'Literal', value: index, raw: String(index), ...at }
  const value = { type: 'MemberExpression', object, property, computed: true, optional: false, ...at }
  return {
    name: binding.name,
    binding,
    value,
    completions: [],
    nominal: null,
    locals: new Set(),
    pieces: shared.pieces,
    refusals: [],
  }
}

/** `declaration.name` as a declaration of its own. */
export function propertyPart(declaration: Declaration, name: string, scopes: Scopes): Declaration {
  const at = { start: declaration.value.start, end: declaration.value.end }
  const { binding } = declaration
  invariant(binding, `a property of ${declaration.name}, which has no binding, is asked for`)
  const property = { type: 'Literal', value: name, raw: JSON.stringify(name), ...at }
  const object = mentionOf(binding, at, scopes)
  const own = `${binding.name}.${name}`
  return {
    name: `${declaration.name}.${name}`,
    binding: { id: binding.id, name: own, kind: 'const', isModule: true, writes: 0 },
    value: { type: 'MemberExpression', object, property, computed: true, optional: false, ...at },
    completions: [],
    nominal: null,
    locals: new Set(),
    pieces: declaration.pieces,
    refusals: [],
  }
}

function mentionOf(binding: Binding, at: { start: number; end: number }, scopes: Scopes): EsNode {
  const mention: EsNode = { type: 'Identifier', name: binding.name, ...at }
  scopes.bind(mention, binding)
  return mention
}

/** A class declaration inside a function names itself by its one local. */
function nameByOuter(statement: EsNode, scopes: Scopes): void {
  const self = scopes.classSelves.get(statement)
  const outer = statement['id'] && scopes.bindingOf(statement['id'])
  if (!self || !outer) return
  for (const { identifier, binding } of scopes.mentions) if (binding === self) scopes.bind(identifier, outer)
}
