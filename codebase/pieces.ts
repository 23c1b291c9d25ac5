// Groups a module's top-level statements by the names that they make: a statement
// goes to the one name that it changes; names that are changed together, destructured
// together or assigned again while the module loads are bundled.

import { type EsNode, isClass, isFunction, varsWithin } from './estree.ts'
import { createsIdentity } from './nominal.ts'
import { lateWrites } from './late-writes.ts'
import { untimelyCompletions } from './loading-order.ts'
import { type Refusal, refusal } from './refusals.ts'
import type { Binding, Scopes } from './scope.ts'
import { changedImports, type Changes, changesOf, declaredBindings, type Helpers } from './statements.ts'

/** A top-level statement, or one declarator of one, without `export`. */
export interface Piece {
  readonly statement: EsNode
  /** Where it stands in the file, `export` included. */
  readonly start: number
  readonly end: number
  /** For one declarator of several: where the words before the first of them stand. */
  readonly keyword?: { readonly start: number; readonly end: number }
  readonly declares: readonly Binding[]
  readonly isDeclaration: boolean
  readonly changes: Changes
  /** Whether it creates something with an identity. */
  readonly creates: boolean
}

/** Statements that make one name, or several that cannot be told apart. */
export interface Bundle {
  /** In order of declaration; empty for an unnamed default export. */
  readonly bindings: readonly Binding[]
  /** The declaration first, the rest in source order; all in source order when shared. */
  readonly pieces: readonly Piece[]
  readonly isShared: boolean
  /** `var`s of statements that nothing else mentions. */
  readonly locals: ReadonlySet<Binding>
  readonly refusals: readonly Refusal[]
}

/** The top-level statements that do something, in source order. */
export function readPieces(program: EsNode, scopes: Scopes, helpers: Helpers): Piece[] {
  return program['body'].flatMap((item: EsNode): Piece[] => {
    const statement: EsNode = item['declaration'] ?? item
    switch (item.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'EmptyStatement':
        return []
      case 'ExportNamedDeclaration':
        if (!item['declaration']) return []
        break
      case 'ExportDefaultDeclaration':
        if (statement.type === 'Identifier' && scopes.bindingOf(statement)) return []
        break
      case 'ExpressionStatement':
        if (typeof item['directive'] === 'string') return []
    }
    return statement.type === 'VariableDeclaration'
      ? declaratorPieces(statement, item, scopes, helpers)
      : [piece(statement, item, scopes, helpers)]
  })
}

function piece(
  statement: EsNode,
  range: { start: number; end: number },
  scopes: Scopes,
  helpers: Helpers,
  keyword?: Piece['keyword'],
): Piece {
  const isDeclaration =
    statement.type === 'VariableDeclaration' || /^(Function|Class)Declaration$/.test(statement.type)
  const isDefault = !isDeclaration && !statement.type.endsWith('Statement')
  const changes = changesOf(statement, scopes, helpers)
  const init: EsNode | null = isDeclaration
    ? (statement['declarations']?.[0].init ?? null)
    : (statement['expression'] ?? null)
  return {
    statement,
    start: range.start,
    end: range.end,
    ...(keyword && { keyword }),
    declares: isDeclaration ? declaredBindings(statement, scopes) : [],
    isDeclaration: isDeclaration || isDefault,
    changes,
    creates:
      createsIdentity(init, scopes) || (changes.reassigned.size > 0 && holdsCreation(statement, scopes)),
  }
}

function declaratorPieces(statement: EsNode, item: EsNode, scopes: Scopes, helpers: Helpers): Piece[] {
  const [first, ...others]: EsNode[] = statement['declarations']
  const wordsEnd: number | undefined = statement['wordsEnd']
  if (others.length === 0 && wordsEnd === undefined)
    return assignedToo(statement, item, scopes, helpers) ?? [piece(statement, item, scopes, helpers)]
  const keyword = { start: item.start, end: wordsEnd ?? first!.start }
  return [first!, ...others].map((declarator) => {
    const alone = { ...statement, declarations: [declarator], start: declarator.start, end: declarator.end }
    return piece(alone, declarator, scopes, helpers, keyword)
  })
}

/** `const a = b.c = x` as `const a = x` and `b.c = a`, which completes `b`. */
function assignedToo(statement: EsNode, item: EsNode, scopes: Scopes, helpers: Helpers): Piece[] | undefined {
  const [{ id, init, ...declarator }] = statement['declarations'] as [EsNode]
  const binding = id.type === 'Identifier' && scopes.bindingOf(id)
  const isMember = init?.type === 'AssignmentExpression' && init.left.type === 'MemberExpression'
  if (!binding || !isMember || init.operator !== '=') return undefined
  const at = { start: init.start, end: init.end }
  const mention: EsNode = { type: 'Identifier', name: binding.name, ...at }
  scopes.bind(mention, binding)
  const expression = { ...init, right: mention }
  return [
    piece({ ...statement, declarations: [{ ...declarator, id, init: init.right }] }, item, scopes, helpers),
    piece({ type: 'ExpressionStatement', expression, directive: null, ...at }, item, scopes, helpers),
  ]
}

/** Whether something with an identity is assigned outside of the functions within `node`. */
function holdsCreation(node: EsNode, scopes: Scopes): boolean {
  if (isFunction(node) || isClass(node)) return false
  if (node.type === 'AssignmentExpression' && createsIdentity(node, scopes)) return true
  return Object.values(node).some((value) =>
    [value].flat().some((child) => child?.type && holdsCreation(child, scopes)),
  )
}

/** Statements that belong to nothing in their module. */
export interface Strays {
  /** Those that have an effect, as reasons to refuse. */
  readonly refusals: Refusal[]
  /** What they change, or may change, of other modules: the local names of imports, and where. */
  readonly foreign: Map<string, number>
}

/** Groups `pieces`; what belongs to nothing is told in `strays`. */
export function pieceTogether(
  pieces: readonly Piece[],
  scopes: Scopes,
  helpers: Helpers,
  strays: Strays,
): Bundle[] {
  const groups = new Groups()
  for (const [binding, called] of helpers) groups.join([binding, ...changedBy(called, scopes, helpers)])
  const owners = new Map<Piece, readonly Binding[]>()
  const inner = new Map<Piece, ReadonlySet<Binding>>()
  const declarers = byBinding(pieces, ({ declares }) => declares)
  for (const each of pieces) {
    inner.set(each, innerVars(each, scopes))
    const owned = ownersOf(each, pieces, inner.get(each)!, scopes)
    owners.set(each, owned)
    const isScattered = (b: Binding): boolean =>
      inner.get(each)!.has(b) || each.changes.reassigned.has(b) || (declarers.get(b)?.length ?? 0) > 1
    const needsBundle = each.declares.length > 1 || hasPattern(each) || owned.some(isScattered)
    if (needsBundle || owned.length > 1) groups.join(owned)
    if (owned.length === 0 && !each.isDeclaration) {
      strays.refusals.push(...strayOf(each))
      for (const { name } of changedImports(each.statement, each.changes, scopes))
        strays.foreign.set(name, each.statement.start)
    }
  }
  const unnamed = pieces.filter((each) => each.isDeclaration && owners.get(each)!.length === 0)
  const named = [
    ...new Set(
      pieces.flatMap((each) =>
        each.isDeclaration || groups.isJoined(owners.get(each)![0]) ? owners.get(each)! : [],
      ),
    ),
  ]
  const seen = new Set<Binding>()
  const grouping = { scopes, inner, groups }
  const byOwner = byBinding(pieces, (each) => owners.get(each)!)
  const bundles: Bundle[] = unnamed.map((each) => bundleOf([], [each], grouping))
  for (const binding of named) {
    if (seen.has(binding)) continue
    const bindings = groups.membersOf(binding)
    for (const member of bindings) seen.add(member)
    const own = new Set(bindings.flatMap((member) => byOwner.get(member) ?? []))
    const inOrder = bindings.length === 1 ? [...own] : pieces.filter((each) => own.has(each))
    bundles.push(bundleOf(bindings, inOrder, grouping))
  }
  const untimely = untimelyCompletions(bundles, pieces, scopes)
  return bundles.map((each) => ({ ...each, refusals: [...each.refusals, ...(untimely.get(each) ?? [])] }))
}

/** The module's own names that a helper of loading changes. */
function changedBy(called: EsNode, scopes: Scopes, helpers: Helpers): Binding[] {
  const { reassigned, mutated } = changesOf(called['body'], scopes, helpers)
  return [...reassigned, ...mutated].filter(({ kind }) => kind !== 'import')
}

interface Grouping {
  readonly scopes: Scopes
  readonly inner: ReadonlyMap<Piece, ReadonlySet<Binding>>
  readonly groups: Groups
}

function bundleOf(
  bindings: readonly Binding[],
  pieces: readonly Piece[],
  { scopes, inner, groups }: Grouping,
): Bundle {
  const isShared = groups.isJoined(bindings[0])
  const foreign = pieces.flatMap((each) => foreignChanges(each, bindings))
  const late = isShared ? pieces.flatMap(({ statement }) => lateWrites(statement, bindings, scopes)) : []
  const ordered = isShared
    ? pieces
    : pieces.toSorted((a, b) => Number(b.isDeclaration) - Number(a.isDeclaration))
  const locals = new Set(
    pieces.flatMap((each) => [...inner.get(each)!]).filter((binding) => !bindings.includes(binding)),
  )
  return {
    bindings,
    pieces: ordered,
    isShared,
    locals,
    refusals: [...foreign, ...late],
  }
}

function hasPattern({ statement }: Piece): boolean {
  return statement.type === 'VariableDeclaration' && statement['declarations'][0].id.type !== 'Identifier'
}

/** Pieces by each of the bindings that `of` names, in source order. */
function byBinding(
  pieces: readonly Piece[],
  of: (piece: Piece) => readonly Binding[],
): ReadonlyMap<Binding, readonly Piece[]> {
  const found = new Map<Binding, Piece[]>()
  for (const piece of pieces) {
    for (const binding of new Set(of(piece))) {
      const known = found.get(binding)
      if (known) known.push(piece)
      else found.set(binding, [piece])
    }
  }
  return found
}

/** `var`s that a statement declares for the module, such as that of a loop. */
function innerVars(each: Piece, scopes: Scopes): ReadonlySet<Binding> {
  if (each.isDeclaration) return new Set()
  return new Set(varsWithin(each.statement).flatMap((id) => scopes.bindingOf(id) ?? []))
}

/** The module's own names that a piece declares or changes. */
function ownersOf(
  each: Piece,
  pieces: readonly Piece[],
  inner: ReadonlySet<Binding>,
  scopes: Scopes,
): readonly Binding[] {
  const { statement, changes, declares } = each
  const isElsewhere = (binding: Binding): boolean =>
    scopes.mentions.some(
      (m) =>
        m.binding === binding &&
        (m.identifier.start < statement.start || m.identifier.start >= statement.end),
    )
  const isOwn = (binding: Binding): boolean =>
    binding.kind !== 'import' && (!inner.has(binding) || isElsewhere(binding))
  const changed = [
    ...changes.reassigned,
    ...(each.isDeclaration ? [] : [...changes.mutated].map((b) => aliased(b, pieces, scopes))),
  ]
  const owners = [...new Set([...declares, ...[...inner].filter(isElsewhere), ...changed])].filter(isOwn)
  if (owners.length > 0 || each.isDeclaration) return owners
  return [...changes.handed].filter(isOwn).slice(0, 1)
}

/** `const proto = Foo.prototype`: what changes `proto` completes `Foo`. */
function aliased(binding: Binding, pieces: readonly Piece[], scopes: Scopes): Binding {
  const declaring = pieces.find((each) => each.declares.includes(binding))
  let object: EsNode | null = declaring?.statement['declarations']?.[0].init ?? null
  if (object?.type !== 'MemberExpression') return binding
  while (object?.type === 'MemberExpression') object = object['object']
  const root = object?.type === 'Identifier' ? scopes.bindingOf(object) : null
  return root?.isModule && root.kind !== 'import' && root !== binding
    ? aliased(root, pieces, scopes)
    : binding
}

/** Changes of what belongs to another file, or that an initialiser makes to another definition. */
function foreignChanges(each: Piece, bindings: readonly Binding[]): Refusal[] {
  const foreign = [...each.changes.mutated].filter(
    (b) => b.kind === 'import' || (each.isDeclaration && !bindings.includes(b)),
  )
  return foreign.map((binding) =>
    refusal(
      'statement-refused',
      each.statement,
      binding.kind === 'import'
        ? `it changes \`${binding.name}\`, which belongs to another file`
        : `its initialiser changes \`${binding.name}\``,
      'make a changed copy instead, as in `{ ...x, y }`, `[...xs, y]` or `xs.toSorted()`',
    ),
  )
}

const STRAYS: Readonly<Record<string, string>> = {
  intrinsic: 'changes what the language itself provides, which every other function would see',
  unbound: 'uses a name that is not defined here',
  trace: 'prints when the module is loaded, and modules are never loaded',
  call: 'calls a function for its effect when the module is loaded, and modules are never loaded',
  throw: 'throws when the module is loaded',
  await: 'waits when the module is loaded',
}

/** Why a top-level statement that completes no definition is refused; none when it does nothing. */
function strayOf({ statement, changes }: Piece): Refusal[] {
  const imported = [...changes.mutated, ...changes.reassigned].find((binding) => binding.kind === 'import')
  if (imported) return foreignChanges({ statement, changes } as Piece, [])
  if (!changes.outside) return []
  const { node, kind } = changes.outside
  return [
    refusal(
      'statement-refused',
      node,
      `a top-level statement ${STRAYS[kind]}`,
      'move it into a function, and run that',
    ),
  ]
}

/** Bindings in groups that grow together. */
class Groups {
  readonly #groups = new Map<Binding, Set<Binding>>()

  join(bindings: readonly Binding[]): void {
    const joined = new Set(bindings.flatMap((binding) => [...(this.#groups.get(binding) ?? [binding])]))
    for (const binding of joined) this.#groups.set(binding, joined)
  }

  isJoined(binding: Binding | undefined): boolean {
    return binding !== undefined && this.#groups.has(binding)
  }

  /** In order of declaration. */
  membersOf(binding: Binding): Binding[] {
    return [...(this.#groups.get(binding) ?? [binding])].sort((a, b) => a.id - b.id)
  }
}
