// A test as a definition: its text is the body of one function, which goes through every stage of
// the product, define() to generate(). Names of the harness come in as parameters.

import {
  type Component,
  decodeComponent,
  type Defined,
  emitMember,
  type Member,
  type Node,
  walkMember,
} from '#codebase'
import { parseSource } from '../../codebase/source.ts'
import { resolveScopes } from '../../codebase/scope.ts'
import { loadClosure } from '../../executor/closure.ts'
import { generate } from '../../executor/generate.ts'
import { EXECUTOR_LIMITS } from '../../executor/limits.ts'
import { defineText } from '../support/define-text.ts'

export const TEST_NAME = '$test262'

/** The test as a function of `parameters`: what both sides of the comparison start from. */
export function functionText(body: string, parameters: readonly string[]): string {
  return `function ${TEST_NAME}(${parameters.join(', ')}) {\n${body}\n}`
}

/** Names that `text` mentions and does not declare; undefined when the product's parser refuses it. */
export function freeNames(text: string): readonly string[] | undefined {
  const source = parseSource('/src/main.js', 'main.js', functionText(text, []))
  if (!('program' in source)) return undefined
  const free = resolveScopes(source.program).mentions.filter(({ binding }) => binding === null)
  return [...new Set(free.map(({ identifier }) => identifier['name'] as string))]
}

/** A test that became a definition. */
export interface Accepted {
  readonly kind: 'accepted'
  readonly defined: Defined
  readonly objects: ReadonlyMap<string, Uint8Array>
}

export type Defining = Accepted | { readonly kind: 'refused'; readonly detail: string }

export async function defineTest(text: string): Promise<Defining> {
  const { definitions, rejected, objects } = await defineText({ '/src/main.js': `export ${text}` })
  const defined = definitions.find(({ name }) => name === TEST_NAME)
  if (defined) return { kind: 'accepted', defined, objects }
  const [first] = rejected
  return { kind: 'refused', detail: first?.code ?? 'nothing was defined' }
}

/** An expression for the function that the definition is, generated from its encoded bytes alone. @throws KnownError when its own object is refused */
export async function regenerate({ defined, objects }: Accepted): Promise<string> {
  const source = { get: async (hash: string) => objects.get(hash) }
  const closure = await loadClosure([defined.reference], source, { bounds: EXECUTOR_LIMITS })
  return `(() => {
    let made
    const ignore = () => {}
    const values = []
    const group = (_, needed, make) => {
      values.push(...make(...needed.map((number) => values[number])))
      made = values.at(-1)
    }
    ${generate(closure).text}({ handle: ignore, all: ignore, ability: ignore, setExec: (object, value) => (object.exec = value), group })
    return made
  })()`
}

/**
 * The same with each local and each function expression under the name that its author gave it: two
 * functions that differ only in that can differ only in `fn.name` and `toString()`, which are unspecified.
 */
export function regenerateWithNames(text: string, { defined, objects }: Accepted): string {
  const component: Component = decodeComponent(objects.get(defined.reference.hash) as Uint8Array)
  const names = new Map<number, string>()
  const member = withNames(
    component.members[defined.reference.index]!,
    defined.member,
    `export ${text}`,
    names,
  )
  const emitted = emitMember(member, {
    name: () => TEST_NAME,
    sibling: () => TEST_NAME,
    local: (index) => names.get(index) ?? `_${index}`,
    intrinsic: (name) => (name === 'ucm.setExec' ? '((object, value) => (object.exec = value))' : name),
  })
  return `(${emitted.value.replace(/#p(\d+)/g, (name, index) => names.get(-1 - Number(index)) ?? name)})`
}

/**
 * Fills `names` with those of locals as `text` has them (private names under -1, -2…), and puts back
 * what functions call themselves and what keeps `(x) = function () {}` without a name.
 */
function withNames(member: Member, written: Member, text: string, names: Map<number, string>): Member {
  const starts: (number | undefined)[] = []
  walkMember(written, ({ start }) => void starts.push(start))
  const selves = new Map<Node, Node>()
  const covered: Node[] = []
  let position = 0
  walkMember(member, (node) => {
    const rest = text.slice(starts[position++])
    if (node.type === 'Local') {
      const name = LEADING_NAME.exec(rest)?.[0]
      if (name !== undefined) names.set(node['index'] as number, name)
    } else if (node.type === 'Function' && node['self'] === null) {
      const name = FUNCTION_NAME.exec(rest)?.[1]
      if (name === undefined || name === TEST_NAME) return
      const self: Node = { type: 'Local', index: 1_000_000 + position }
      names.set(self['index'] as number, name)
      selves.set(node, self)
    } else if (node.type === 'Private') {
      const name = LEADING_NAME.exec(rest.slice(1))?.[0]
      if (name !== undefined) names.set(-1 - (node['index'] as number), `#${name}`)
    } else if (node.type === 'Assign' && rest.startsWith('(')) {
      covered.push(node)
    }
  })
  for (const [node, self] of selves) Object.assign(node, { self })
  for (const node of covered) {
    const expressions = [{ type: 'Undefined' }, node['right']]
    Object.assign(node, { right: { type: 'Sequence', expressions } })
  }
  return member
}

const LEADING_NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u
const FUNCTION_NAME = /^(?:async\s+)?function\s*\*?\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/u
