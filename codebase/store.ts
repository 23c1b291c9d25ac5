// Objects by their hash. Whatever is read is held against the hash that it was asked for, here and
// nowhere else on the way from disk, unless the reader says that it does so; what is written is hashed here.

import { linksOf } from './cbor.ts'
import type { Batch, Database } from './database.ts'
import { indexComponent } from './dependents-index.ts'
import { OBJECT_KINDS, type ObjectKind } from './encode.ts'
import { KnownError } from './errors.ts'
import { formatHash, type Hash, hashObject, verifyObject } from './hash.ts'

/** Where objects come from: a store, or whoever claims to have them. */
export interface ObjectSource {
  /** The object; undefined when it is not there. @throws HashMismatchError for bytes that are not the object */
  get(hash: Hash): Promise<Uint8Array | undefined>
  /** What is kept under each of `hashes`, in their order, for whoever holds it against its hash: faster than get() of each. */
  getUnverified?(hashes: readonly Hash[]): Promise<(Uint8Array | undefined)[]>
}

/** Hashes of objects that somebody has, with all below them: a Set, or anything that can be asked. */
export type KnownHashes = Pick<ReadonlySet<Hash>, 'has'>

/** An object and its hash. */
export interface StoredObject {
  readonly hash: Hash
  readonly object: Uint8Array
}

/** The objects of one codebase. */
export class ObjectStore implements ObjectSource {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async get(hash: Hash): Promise<Uint8Array | undefined> {
    const object = await this.#database.objects.get(hash)
    return object && verifyObject(hash, object)
  }

  getUnverified(hashes: readonly Hash[]): Promise<(Uint8Array | undefined)[]> {
    return this.#database.objects.getMany(hashes)
  }

  async has(hash: Hash): Promise<boolean> {
    return this.#database.objects.has(hash)
  }

  /** Adds to `batch` those objects that are not yet stored, with their entries in the index of dependents. */
  async putInto(batch: Batch, objects: Iterable<Uint8Array>): Promise<Hash[]> {
    const hashed = new Map<Hash, Uint8Array>()
    const hashes: Hash[] = []
    for (const object of objects) {
      const hash = hashObject(object)
      hashes.push(hash)
      hashed.set(hash, object)
    }
    await this.putHashed(batch, hashed)
    return hashes
  }

  /** As putInto(), for objects that this process has just made and hashed itself. */
  async putHashed(batch: Batch, objects: ReadonlyMap<Hash, Uint8Array>): Promise<void> {
    const isStored = await this.#database.objects.hasMany([...objects.keys()])
    for (const [index, [hash, object]] of [...objects].entries()) {
      if (isStored[index]) continue
      batch.put(this.#database.objects, hash, object)
      if (kindOfObject(object) === OBJECT_KINDS.component) indexComponent(batch, this.#database, hash, object)
    }
  }

  /** Hashes that begin with `prefix`, in order, at most `limit`. */
  async withPrefix(prefix: string, limit: number): Promise<Hash[]> {
    return (await this.#database.objects.keys({ prefix, limit })) as Hash[]
  }

  /** Every hash in the store, in ascending order; read in 32 steps, by first character. */
  async *hashes(): AsyncGenerator<Hash> {
    for (const first of '234567abcdefghijklmnopqrstuvwxyz') {
      yield* (await this.#database.objects.keys({ prefix: first })) as Hash[]
    }
  }

  /** Every object that `roots` need, themselves included, dependencies first; what `have` has, and all below it, is left out. */
  closure(roots: readonly Hash[], have: KnownHashes = new Set()): AsyncGenerator<StoredObject> {
    return closureOf(this, roots, have)
  }
}

/**
 * Every object of `source` that `roots` need, dependencies first, each once. Links are followed
 * out of components only: what a commit or receipt links to is not part of its closure.
 * @throws KnownError `object-missing`
 */
export async function* closureOf(
  source: ObjectSource,
  roots: readonly Hash[],
  have: KnownHashes,
): AsyncGenerator<StoredObject> {
  const seen = new Set<Hash>()
  const isNew = (hash: Hash): boolean => !have.has(hash) && !seen.has(hash)
  for (const root of roots) {
    if (!isNew(root)) continue
    seen.add(root)
    const path = [await visit(source, root)]
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.links[top.next++]
      if (next === undefined) {
        yield { hash: top.hash, object: top.object }
        path.pop()
      } else if (isNew(next)) {
        seen.add(next)
        path.push(await visit(source, next))
      }
    }
  }
}

interface Visit extends StoredObject {
  readonly links: readonly Hash[]
  /** Position of the link to follow next. */
  next: number
}

async function visit(source: ObjectSource, hash: Hash): Promise<Visit> {
  const object = await requireObject(source, hash)
  return {
    hash,
    object,
    links: kindOfObject(object) === OBJECT_KINDS.component ? linksOf(object) : [],
    next: 0,
  }
}

/** The object, which must be there. @throws KnownError `object-missing` */
export async function requireObject(source: ObjectSource, hash: Hash): Promise<Uint8Array> {
  return present(hash, await source.get(hash))
}

/** @throws KnownError `object-missing` when there is no object */
export function present(hash: Hash, object: Uint8Array | undefined): Uint8Array {
  if (object) return object
  throw new KnownError(
    'input',
    'object-missing',
    `Cannot read ${formatHash(hash)}: the object is not in the store`,
    {
      hint: '`ucm verify` lists what is missing; pull it from a peer that has it',
      details: { hash },
    },
  )
}

/** `pending` before `source`: objects that are about to be stored, read as if they were. */
export function overlay(source: ObjectSource, pending: ReadonlyMap<Hash, Uint8Array>): ObjectSource {
  return { get: async (hash) => pending.get(hash) ?? source.get(hash) }
}

const KINDS: ReadonlySet<ObjectKind> = new Set(Object.values(OBJECT_KINDS))

/**
 * The kind that `object` claims to be. An object is a short array of version, kind and body,
 * in which each of the first three items takes one byte (docs/format.md §2).
 */
export function kindOfObject(object: Uint8Array): ObjectKind | undefined {
  const kind = object[2] as ObjectKind
  return KINDS.has(kind) ? kind : undefined
}
