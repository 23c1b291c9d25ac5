// Commits as objects: a namespace at a moment, and what came before it.

import { Link } from './cbor.ts'
import { decodeObject } from './decode.ts'
import { encodeObject, OBJECT_KINDS } from './encode.ts'
import type { Hash } from './hash.ts'
import { integerField, linkField, listField, refuse, textField } from './object-fields.ts'

/** One step of a branch's history. */
export interface Commit {
  /** Root node of the namespace. */
  readonly namespace: Hash
  /** The commits that this one follows; the first is the branch that it was made on. */
  readonly parents: readonly Hash[]
  readonly author: string
  /** Milliseconds since the Unix epoch. */
  readonly timeMs: number
  readonly message: string
}

/** The commit as an object. */
export function encodeCommit(commit: Commit): Uint8Array {
  return encodeObject(OBJECT_KINDS.commit, [
    new Link(commit.namespace),
    commit.parents.map((parent) => new Link(parent)),
    commit.author,
    commit.timeMs,
    commit.message,
  ])
}

/** The commit that `object` encodes. @throws MalformedObjectError */
export function decodeCommit(object: Uint8Array): Commit {
  const body = decodeObject(object, OBJECT_KINDS.commit)
  if (body.length !== 5) refuse('a commit of 5 fields')
  const [namespace, parents, author, timeMs, message] = body
  return {
    namespace: linkField(namespace, 'a link to a namespace'),
    parents: listField(parents, 'parents').map((parent) => linkField(parent, 'a link to a commit')),
    author: textField(author, 'an author'),
    timeMs: integerField(timeMs, 'a time in milliseconds'),
    message: textField(message, 'a message'),
  }
}
