// Executors for tests: real workers, definitions from source text, providers and memos that tell
// what was asked of them.

import {
  EVERYTHING,
  Executor,
  type ExecutorPowers,
  type Outcome,
  type RunOptions,
  type RunRequest,
  type RunResult,
} from '#executor'
import { knownAbilities, type Provider } from '#abilities'
import {
  type Hash,
  hashDefinitions,
  type Member,
  type Node,
  type ObjectSource,
  type Pending,
  type Reference,
  type Value,
} from '#codebase'
import { mapMember } from '../../codebase/map-term.ts'
import { terms } from '../support/terms.ts'

/** Definitions of a source by name, with all their objects. */
export interface Definitions {
  readonly references: Readonly<Record<string, Reference>>
  readonly objects: ReadonlyMap<Hash, Uint8Array>
  readonly members: Readonly<Record<string, Member>>
}

const known = new Map(knownAbilities().map((ability) => [ability.name, ability]))
const GUEST = new Map([
  ['handle', 'ucm.handle'],
  ['all', 'ucm.all'],
])

/**
 * What `text` defines: JavaScript in which the built-in abilities, `ability`, `handle` and `all`
 * are free names.
 */
export function definitions(text: string): Definitions {
  const { names, members: plain } = terms(text)
  const members = plain.map((member) => mapMember(member, guestNode))
  const hashed = hashDefinitions(members)
  if (hashed.failures.length > 0) throw new Error(JSON.stringify(hashed.failures))
  const objects = new Map(hashed.objects)
  for (const { reference, object } of known.values()) objects.set(reference.hash, object)
  const entries = names.map((name, index) => [name, hashed.references[index] as Reference] as const)
  return {
    references: Object.fromEntries(entries),
    objects,
    members: Object.fromEntries(names.map((name, index) => [name, members[index] as Member])),
  }
}

/** What a free name or a declaration of an ability stands for. */
function guestNode(node: Node | Pending): Node | undefined {
  if (node.type === 'Call' && (node['callee'] as Node)['name'] === 'ability') return declaredAbility(node)
  if (node.type !== 'Intrinsic') return undefined
  const name = node['name'] as string
  const ability = known.get(name)
  if (ability) return { type: 'Reference', ...ability.reference }
  return GUEST.has(name) ? { ...node, name: GUEST.get(name) } : undefined
}

function declaredAbility(call: Node): Node {
  const [name, operations] = call['arguments'] as readonly Node[]
  const properties = (operations as Node)['properties'] as readonly Node[]
  return {
    type: 'Ability',
    name: (name as Node)['value'],
    operations: properties.map((property) => (property['key'] as Node)['value'] as string).sort(),
  }
}

const sourceOf = (objects: ReadonlyMap<Hash, Uint8Array>): ObjectSource => ({
  get: async (hash) => objects.get(hash),
})

/** Signs with the length of what it signs. */
const SIGNER = { peerId: 'tester', sign: (bytes: Uint8Array) => Uint8Array.of(bytes.length & 255) }

/** A provider that answers by `answers`, which get an operation's arguments. */
export function provider(
  ability: string,
  answers: Readonly<Record<string, (...args: Value[]) => Value | Promise<Value>>>,
): Provider {
  const operations = known.get(ability)?.operations ?? Object.keys(answers)
  return {
    ability,
    operations,
    perform: async (operation, args) => {
      const answer = answers[operation]
      if (!answer) throw new Error(`${ability}.${operation} was not expected`)
      return answer(...args)
    },
  }
}

/** A memo store in memory. */
export function memoStore(): NonNullable<ExecutorPowers['memo']> & {
  readonly entries: Map<string, Uint8Array>
} {
  const entries = new Map<string, Uint8Array>()
  return {
    entries,
    get: async (key) => entries.get(key),
    put: async (key, value) => {
      entries.set(key, value)
    },
  }
}

const open: Executor[] = []

/** An executor of `objects`, closed by closeExecutors(). */
export function makeExecutor(
  objects: ReadonlyMap<Hash, Uint8Array>,
  powers: Partial<ExecutorPowers> = {},
): Executor {
  const executor = new Executor({
    objects: sourceOf(objects),
    providers: [],
    signer: SIGNER,
    clock: () => performance.now(),
    ...powers,
  })
  open.push(executor)
  return executor
}

export async function closeExecutors(): Promise<void> {
  await Promise.all(open.splice(0).map((executor) => executor.close()))
}

/** Powers, and what a request says beyond the definition and its arguments. */
export interface Running {
  readonly powers?: Partial<ExecutorPowers>
  readonly request?: Partial<RunRequest>
  readonly options?: RunOptions
}

let shared: Executor | undefined

/** Runs `main` of `text`, in an executor of its own when it needs other powers than none. */
export async function runText(
  text: string,
  args: readonly Value[] = [],
  running: Running = {},
): Promise<RunResult> {
  const { references, objects } = definitions(text)
  const executor = running.powers
    ? makeExecutor(objects, running.powers)
    : (shared ??= makeExecutor(new Map()))
  const reference = references['main'] as Reference
  const request = { reference, args, allow: EVERYTHING, ...running.request } as const
  return executor.run(request, { objects: sourceOf(objects), ...running.options })
}

/** The outcome of `main` of `text`. */
export async function outcomeOf(
  text: string,
  args: readonly Value[] = [],
  running: Running = {},
): Promise<Outcome> {
  return (await runText(text, args, running)).outcome
}

/** An outcome without its frames. */
export function withoutFrames(outcome: Outcome): unknown {
  if (outcome.kind !== 'failure') return outcome
  const { name, message } = outcome.error
  return { kind: 'failure', name, message }
}
