// What a person means by a text: a full name, a suffix of one, or the beginning of a hash.

import { OBJECT_KINDS } from './encode.ts'
import { KnownError } from './errors.ts'
import { formatHash, type Hash, type Reference, referenceText } from './hash.ts'
import { ambiguousName, matchingNames, type Names, unknownName } from './names.ts'
import { kindOfObject } from './store.ts'
import type { Workspace } from './workspace.ts'

/** A definition, with the name it has on the current branch if it has any. */
export interface Resolved {
  readonly reference: Reference
  readonly name?: string
}

const PREFIX = /^#?([a-z2-7]{1,52})(?:\.(0|[1-9]\d{0,5}))?$/
/** Without `#`, fewer characters are taken for a misspelt name. */
const LEAST_BARE_PREFIX = 4
/** Hashes that are read, and shown, for one prefix. */
const CANDIDATES = 20

/**
 * The definition that `text` means on a branch with these names. Names come before hashes; a suffix that
 * fits several names of one definition is not ambiguous.
 * @throws KnownError `name-unknown`, `name-ambiguous`, `hash-unknown`, `hash-ambiguous`, `hash-malformed`
 */
export async function resolve(workspace: Workspace, names: Names, text: string): Promise<Resolved> {
  const matches = text.startsWith('#') ? [] : matchingNames(names, text)
  const references = new Set(matches.map((name) => referenceText(referenceOf(names, name))))
  if (references.size > 1) throw ambiguousName(text, matches)
  const [name] = matches
  if (name !== undefined) return { reference: referenceOf(names, name), name }
  const reference = await byHash(workspace, names, text)
  const [known] = names.of(reference)
  return known === undefined ? { reference } : { reference, name: known }
}

/**
 * What an import names: a name, a suffix, or `#` and the beginning of a hash; undefined when there is none.
 * @throws KnownError `name-ambiguous`, `hash-ambiguous`, `hash-malformed`
 */
export async function lookup(
  workspace: Workspace,
  names: Names,
  text: string,
): Promise<Reference | undefined> {
  if (!text.startsWith('#') && matchingNames(names, text).length === 0) return undefined
  try {
    return (await resolve(workspace, names, text)).reference
  } catch (error) {
    if (error instanceof KnownError && error.code === 'hash-unknown') return undefined
    throw error
  }
}

function referenceOf(names: Names, name: string): Reference {
  const filed = names.filed.get(name)
  return filed ? filed.reference : unknownName(names, name)
}

async function byHash(workspace: Workspace, names: Names, text: string): Promise<Reference> {
  const match = PREFIX.exec(text)
  const isMarked = text.startsWith('#')
  if (!match && isMarked) throw malformedHash(text)
  const prefix = match?.[1] ?? ''
  if (!isMarked && prefix.length < LEAST_BARE_PREFIX) return unknownName(names, text)
  const found = await hashesOfKind(workspace, prefix, OBJECT_KINDS.component)
  if (found.length > 1) throw ambiguousHash(text, found, names)
  const [hash] = found
  if (hash === undefined)
    return isMarked || prefix.length === 52 ? unknownHash(workspace, prefix) : unknownName(names, text)
  return checkIndex(workspace, { hash, index: Number(match?.[2] ?? 0) })
}

/** Stored hashes with this prefix whose objects are of `kind`, at most 20. */
export async function hashesOfKind(workspace: Workspace, prefix: string, kind: number): Promise<Hash[]> {
  const found: Hash[] = []
  for (const hash of await workspace.objects.withPrefix(prefix, CANDIDATES)) {
    const object = await workspace.objects.get(hash)
    if (object && kindOfObject(object) === kind) found.push(hash)
  }
  return found
}

async function checkIndex(workspace: Workspace, reference: Reference): Promise<Reference> {
  const { members } = await workspace.components.component(reference.hash)
  if (reference.index < members.length) return reference
  throw new KnownError(
    'input',
    'hash-unknown',
    `Cannot find ${referenceText(reference)}: the component has ${members.length} members`,
    {
      hint: `members count from 0, so the last is ${formatHash(reference.hash)}.${members.length - 1}`,
      details: { hash: reference.hash, index: reference.index, members: members.length },
    },
  )
}

function malformedHash(text: string): KnownError {
  return new KnownError(
    'input',
    'hash-malformed',
    `Cannot read ${text} as a hash: expected # and up to 52 of the characters a-z and 2-7`,
    {
      hint: 'copy the hash from `ucm ls` or `ucm view`; any beginning that only one hash has will do',
      details: { text },
    },
  )
}

const KIND_WORDS = new Map<number, string>(Object.entries(OBJECT_KINDS).map(([word, kind]) => [kind, word]))

async function unknownHash(workspace: Workspace, prefix: string): Promise<never> {
  const [other] = await workspace.objects.withPrefix(prefix, 1)
  const object = other && (await workspace.objects.get(other))
  const kind = object && KIND_WORDS.get(kindOfObject(object) ?? -1)
  const what =
    kind && kind !== 'component'
      ? `that is a ${kind}, not a definition`
      : 'no stored definition has a hash that begins so'
  throw new KnownError('input', 'hash-unknown', `Cannot find #${prefix}: ${what}`, {
    hint: '`ucm ls` lists the definitions of this branch with their hashes',
    details: { prefix },
  })
}

function ambiguousHash(text: string, found: readonly Hash[], names: Names): KnownError {
  const candidates = found.map((hash) => ({ hash, names: names.ofComponent(hash) }))
  const shown = candidates.map(({ hash, names: [name] }) =>
    name ? `${formatHash(hash)} ${name}` : formatHash(hash),
  )
  return new KnownError(
    'input',
    'hash-ambiguous',
    `Cannot tell which ${text} is meant: ${found.length} hashes begin so`,
    {
      hint: `write more characters: ${shown.slice(0, 5).join(', ')}`,
      details: { prefix: text, candidates },
    },
  )
}
