// Finds what every name in a declaration stands for: the edges between definitions.

import type { Environment } from './defined.ts'
import type { Declaration } from './declarations.ts'
import { usesThis } from './commonjs-plan.ts'
import { childrenOf, type EsNode, staticName } from './estree.ts'
import { isAbsent } from './guards.ts'
import { codebaseType, meaningOf, typeNamed } from './meanings.ts'
import { type Meaning, missingExport, type Namespace, problemAt, type World } from './requests.ts'
import type { Module } from './modules.ts'
import { nearest } from './nearest.ts'
import type { Target } from './normalise.ts'
import { DENIED_GLOBALS, isPermittedIntrinsic, PERMITTED_INTRINSICS } from './permits.ts'
import type { Problem } from './refusals.ts'
import { isType, typeMentions } from './types.ts'
import type { Binding } from './scope.ts'

/** What an identifier stands for; `definition` is not numbered yet. */
export type Link =
  | { readonly kind: 'declaration'; readonly module: Module; readonly declaration: Declaration }
  | { readonly kind: 'members'; readonly members: readonly { readonly name: string; readonly link: Link }[] }
  | Exclude<Target, { kind: 'definition' | 'namespace' }>

export interface Links {
  /** By identifier; those of locals are left out, whose bindings say all. */
  readonly links: ReadonlyMap<EsNode, Link>
  /** Definitions that it refers to, each with the offset of its first mention and the name as written. */
  readonly mentions: readonly Mention[]
  readonly problems: readonly Problem[]
}

export interface Mention {
  readonly link: Extract<Link, { kind: 'declaration' | 'reference' }>
  readonly local: string
  readonly start: number
  /** The mention, when its value is only stored as a property: `o.f = f`, `{ f }`. */
  readonly stored?: EsNode
  /** For what this batch does not define: the name it was asked for by. */
  readonly name?: string
}

interface Linking {
  readonly world: World
  readonly environment: Environment
  readonly module: Module
  readonly declaration: Declaration
  readonly links: Map<EsNode, Link>
  readonly mentions: Mention[]
  readonly problems: Problem[]
  /** Members that are called: `x.y` of `x.y()`. */
  readonly methods: Set<EsNode>
}

/** Links every identifier of `declaration`. */
export async function linkDeclaration(
  world: World,
  environment: Environment,
  module: Module,
  declaration: Declaration,
): Promise<Links> {
  const linking: Linking = {
    world,
    environment,
    module,
    declaration,
    links: new Map(),
    mentions: [],
    problems: [],
    methods: new Set(),
  }
  if (declaration.ability) return linking
  if (isType(declaration)) return linkType(linking)
  const { scopes } = module.body()
  for (const [node, parent] of identifiersOf(declaration, linking.methods)) {
    const binding = scopes.bindingOf(node)
    if (binding === undefined) continue
    const found =
      binding === null ? freeLink(node, parent, linking) : bindingLink(binding, node, parent, linking)
    // Only what the codebase is asked for has to be waited for.
    const link = found instanceof Promise ? await found : found
    if (link && link.kind !== 'local') linking.links.set(node, link)
  }
  return linking
}

/** Names of types that are neither of a source file nor of the codebase stay text. */
async function linkType(linking: Linking): Promise<Links> {
  const { world, environment, module, declaration, links, mentions } = linking
  for (const identifier of typeMentions(declaration)) {
    const local: string = identifier['name']
    const mention = { local, start: identifier.start }
    const found = typeNamed(world, module, local)
    const name = found ? undefined : codebaseType(module, local)
    const reference = name === undefined ? undefined : await environment.lookup(name)
    if (found) {
      const link = { kind: 'declaration', ...found } as const
      links.set(identifier, link)
      mentions.push({ link, ...mention })
    } else if (name !== undefined && reference) {
      const link = { kind: 'reference', reference } as const
      links.set(identifier, link)
      mentions.push({ link, ...mention, name })
    }
  }
  return linking
}

type Found = Link | undefined | Promise<Link | undefined>

function identifiersOf(
  { value, completions }: Declaration,
  methods: Set<EsNode>,
): [identifier: EsNode, parent: EsNode | null][] {
  const identifiers: [EsNode, EsNode | null][] = []
  const visit = (node: EsNode, parent: EsNode | null): void => {
    if (node.type === 'Identifier') identifiers.push([node, parent])
    if (node.type === 'CallExpression' && node['callee'].type === 'MemberExpression')
      methods.add(node['callee'])
    for (const child of childrenOf(node)) visit(child, node)
  }
  for (const root of [value, ...completions]) visit(root, null)
  return identifiers
}

function freeLink(node: EsNode, parent: EsNode | null, linking: Linking): Link | undefined {
  const name: string = node['name']
  if (name === 'undefined') return { kind: 'undefined' }
  if (isPermittedIntrinsic(name)) return { kind: 'intrinsic', name }
  const isTypeof = parent?.type === 'UnaryExpression' && parent['operator'] === 'typeof'
  if (isTypeof && isAbsent(node, linking.module.body().scopes)) return { kind: 'typeof-undefined' }
  linking.problems.push(unboundProblem(name, node, linking))
  return undefined
}

function unboundProblem(name: string, node: EsNode, { module }: Linking): Problem {
  const at = { module, start: node.start }
  const denial = Object.hasOwn(DENIED_GLOBALS, name) ? DENIED_GLOBALS[name] : undefined
  if (denial)
    return problemAt(at, name === 'eval' ? 'code-from-text' : 'effect-refused', denial.reason, denial.hint)
  const known = [...module.body().scopes.moduleBindings.keys(), ...PERMITTED_INTRINSICS]
  const [near] = nearest(name, known)
  const hint = near
    ? `did you mean \`${near}\`?`
    : `declare it, import it, or guard it with \`typeof ${name}\``
  return problemAt(at, 'name-unbound', `\`${name}\` is not defined`, hint)
}

function bindingLink(binding: Binding, node: EsNode, parent: EsNode | null, linking: Linking): Found {
  const { world, module, declaration } = linking
  if (binding.kind === 'arguments') return { kind: 'arguments' }
  if (!binding.isModule || declaration.locals.has(binding)) return { kind: 'local' }
  const meaning = meaningOf(world, module, binding.name)
  if (meaning) return meaningLink(meaning, node, parent, linking)
  linking.problems.push(
    problemAt(
      { module, start: node.start },
      'name-unbound',
      `\`${binding.name}\` has no value here`,
      'only types and refused declarations have that name',
    ),
  )
  return undefined
}

/** Whether a value is stored as a property where it is mentioned, and nothing else is done with it. */
function isStored(node: EsNode, parent: EsNode | null): boolean {
  if (parent?.type === 'Property') return parent['value'] === node
  const isMember = parent?.type === 'AssignmentExpression' && parent['left'].type === 'MemberExpression'
  return isMember && parent['operator'] === '=' && parent['right'] === node
}

function meaningLink(meaning: Meaning, node: EsNode, parent: EsNode | null, linking: Linking): Found {
  const mention = { local: node['name'] as string, start: node.start }
  switch (meaning.kind) {
    case 'declaration':
      linking.mentions.push({ link: meaning, ...mention, ...(isStored(node, parent) && { stored: node }) })
      return meaning
    case 'ability': {
      const link = { kind: 'reference', reference: meaning.ability.reference } as const
      linking.mentions.push({ link, ...mention, name: `ucm/abilities.${meaning.ability.name}` })
      return link
    }
    case 'codebase':
      return codebaseLink(meaning, mention, linking)
    case 'intrinsic':
      return meaning
    case 'declarator':
      return refuseDeclarator(meaning.name, node, linking)
    case 'namespace':
      return namespaceLink(meaning.namespace, node, parent, linking)
    case 'problem':
      linking.problems.push(meaning.problem)
      return undefined
  }
}

async function codebaseLink(
  { name, request }: Extract<Meaning, { kind: 'codebase' }>,
  mention: { readonly local: string; readonly start: number },
  { environment, module, mentions, problems }: Linking,
): Promise<Link | undefined> {
  const reference = await environment.lookup(name)
  if (reference) {
    const link = { kind: 'reference', reference } as const
    mentions.push({ link, ...mention, name })
    return link
  }
  const { specifier } = module.imports.get(mention.local) ?? { specifier: 'ucm' }
  const reason = `the codebase has no \`${name}\`, which \`${specifier}\` asks for`
  problems.push(problemAt(request, 'import-unknown', reason, '`ucm find` searches its names'))
  return undefined
}

/** `ability` and `op` anywhere but in the declaration of an ability; one that is no good is refused already. */
function refuseDeclarator(
  name: string,
  { start }: EsNode,
  { module, declaration, problems }: Linking,
): undefined {
  if (declaration.refusals.some(({ code }) => code === 'ability-malformed')) return
  const hint =
    "write `const Name = ability('Name', { operation: op<[argument: Type], Result>() })` at the top level"
  problems.push(
    problemAt({ module, start }, 'ability-malformed', `\`${name}\` only declares abilities`, hint),
  )
}

/** Of `ns.x`, the member; of a namespace that escapes as a value, all of them. */
async function namespaceLink(
  namespace: Namespace,
  node: EsNode,
  parent: EsNode | null,
  linking: Linking,
): Promise<Link | undefined> {
  const at = { module: linking.module, start: node.start }
  const isObject = parent?.type === 'MemberExpression' && parent['object'] === node
  const only = isObject ? staticName(parent['property'], parent['computed']) : undefined
  if (isWhole(namespace, only, parent, linking)) {
    const whole = namespace.whole?.()
    return whole && meaningLink(whole, node, null, linking)
  }
  const names = only === undefined ? namespace.names() : [only]
  if (!names) {
    linking.problems.push(
      problemAt(
        at,
        'import-refused',
        `\`${node['name']}\` is a namespace of the codebase and cannot be a value`,
        'import by name what you need of it',
      ),
    )
    return undefined
  }
  const members: { name: string; link: Link }[] = []
  for (const name of names) {
    const meaning = namespace.member(name)
    if (!meaning)
      linking.problems.push(
        missingExport(
          { module: linking.module, start: parent!['property'].start },
          node['name'],
          name,
          namespace,
        ),
      )
    const named = { ...node, name: `${node['name']}.${name}` }
    const link = meaning && (await meaningLink(meaning, named, null, linking))
    if (link) members.push({ name, link })
  }
  return { kind: 'members', members }
}

/** Whether a mention is of the value that a namespace is: as such, for what it does not export, or as the `this` of a call. */
function isWhole(
  namespace: Namespace,
  only: string | undefined,
  parent: EsNode | null,
  { methods }: Linking,
): boolean {
  if (!namespace.whole) return false
  const member = only === undefined ? undefined : namespace.member(only)
  if (!member) return true
  return (
    parent !== null &&
    methods.has(parent) &&
    member.kind === 'declaration' &&
    usesThis(member.declaration.value)
  )
}
