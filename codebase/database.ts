// LevelDB, and the only file that knows it: which tables there are, how their keys are
// laid out, how a mutation is written (one batch, acknowledged after fsync) and what
// LevelDB's failures mean to a caller. Checks no hashes: that is store.ts.

import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { Level } from 'level'
import { KnownError } from './errors.ts'

type Sublevel<V> = ReturnType<typeof openSublevel<V>>

function openSublevel<V>(level: Level, name: string, valueEncoding: 'view' | 'utf8') {
  return level.sublevel<string, V>(name, { valueEncoding })
}

/** Which keys to list, in ascending order of their UTF-8 bytes unless `reverse`. */
export interface KeyRange {
  readonly prefix?: string
  /** Only keys behind this one. */
  readonly after?: string
  /** Most keys to return; by default all. */
  readonly limit?: number
  readonly reverse?: boolean
}

/** Keys that are read while everybody waits: even from a slow disk that is soon done. */
const FEW_KEYS = 8

/** One kind of record. Values are bytes or text; keys are well-formed text. */
export class Table<V extends Uint8Array | string> {
  readonly sublevel: Sublevel<V>
  readonly #location: string

  constructor(sublevel: Sublevel<V>, location: string) {
    this.sublevel = sublevel
    this.#location = location
  }

  async get(key: string): Promise<V | undefined> {
    return bare(await this.#reading(this.sublevel.get(key)))
  }

  async has(key: string): Promise<boolean> {
    return this.#reading(this.sublevel.has(key))
  }

  /** In the order of `keys`. A few are read at once: to hand them to another thread would take longer than to read them. */
  async getMany(keys: readonly string[]): Promise<(V | undefined)[]> {
    if (keys.length <= FEW_KEYS) return keys.map((key) => this.getNow(key))
    return (await this.#reading(this.sublevel.getMany([...keys]))).map(bare)
  }

  /** As get(), while everybody waits: for what is asked for so often that another thread would take longer to answer. */
  getNow(key: string): V | undefined {
    try {
      return bare(this.sublevel.getSync(key))
    } catch (error) {
      throw storageError(error, this.#location)
    }
  }

  /** In the order of `keys`. */
  async hasMany(keys: readonly string[]): Promise<boolean[]> {
    return this.#reading(this.sublevel.hasMany([...keys]))
  }

  async keys(range: KeyRange = {}): Promise<string[]> {
    return this.#reading(this.sublevel.keys(bounds(range)).all())
  }

  async entries(range: KeyRange = {}): Promise<[string, V][]> {
    const entries = await this.#reading(this.sublevel.iterator(bounds(range)).all())
    return entries.map(([key, value]) => [key, bare(value) as V])
  }

  async #reading<T>(read: Promise<T>): Promise<T> {
    try {
      return await read
    } catch (error) {
      throw storageError(error, this.#location)
    }
  }
}

/** LevelDB answers with a Buffer, whose slice() shares memory: hand on a plain Uint8Array. */
function bare<V>(value: V): V {
  if (!Buffer.isBuffer(value)) return value
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength) as V
}

function bounds({ prefix = '', after, limit = -1, reverse = false }: KeyRange) {
  const end = endOfPrefix(prefix)
  const isBehind = after !== undefined && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) >= 0
  return {
    ...(isBehind ? { gt: after } : { gte: prefix }),
    ...(end !== undefined && { lt: end }),
    limit,
    reverse,
  }
}

/** The least text behind all that begin with `prefix`, by UTF-8 bytes; undefined when there is none. */
function endOfPrefix(prefix: string): string | undefined {
  const characters = Array.from(prefix)
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    const code = last.codePointAt(0) as number
    if (code === 0x10ffff) continue
    const next = code === 0xd7ff ? 0xe000 : code + 1
    return characters.join('') + String.fromCodePoint(next)
  }
  return undefined
}

type Operation =
  | {
      readonly type: 'put'
      readonly sublevel: object
      readonly key: string
      readonly value: Uint8Array | string
    }
  | { readonly type: 'del'; readonly sublevel: object; readonly key: string }

/** Writes that happen together or not at all. */
export class Batch {
  readonly operations: Operation[] = []

  put<V extends Uint8Array | string>(table: Table<V>, key: string, value: V): this {
    this.operations.push({ type: 'put', sublevel: table.sublevel, key, value })
    return this
  }

  delete<V extends Uint8Array | string>(table: Table<V>, key: string): this {
    this.operations.push({ type: 'del', sublevel: table.sublevel, key })
    return this
  }
}

/** The tables of a codebase. One process at a time has a database open. */
export class Database {
  /** Hash → object. */
  readonly objects: Table<Uint8Array>
  /** `dependency:dependent` (hashes of components) → nothing; see dependents-index.ts. */
  readonly dependents: Table<string>
  /** Reference as text → hash of the source that was added last. */
  readonly sources: Table<string>
  /** Branch → hash of its head: the only mutable cells. */
  readonly heads: Table<string>
  /** Twelve-digit number → what moved a head; see history.ts. */
  readonly reflog: Table<Uint8Array>
  /** `layout` → version of this layout; `branch` → the current branch. */
  readonly settings: Table<string>
  /** Hash of a receipt → what a replay of its run needs; see codebase.ts. */
  readonly runs: Table<Uint8Array>
  /** Whatever can be computed again, by a key of its owner's making. */
  readonly memo: Table<Uint8Array>
  /** What additions of files came of, by what was asked; see trace.ts. */
  readonly traces: Table<string>
  /** `owner/key` → state that abilities and the node keep. */
  readonly storage: Table<Uint8Array>

  readonly #level: Level
  readonly #location: string
  #last: Promise<unknown> = Promise.resolve()

  private constructor(level: Level, location: string) {
    this.#level = level
    this.#location = location
    const bytes = (name: string) => new Table(openSublevel<Uint8Array>(level, name, 'view'), location)
    const text = (name: string) => new Table(openSublevel<string>(level, name, 'utf8'), location)
    this.objects = bytes('objects')
    this.dependents = text('dependents')
    this.sources = text('sources')
    this.heads = text('heads')
    this.reflog = bytes('reflog')
    this.settings = text('settings')
    this.runs = bytes('runs')
    this.memo = bytes('memo')
    this.traces = text('traces')
    this.storage = bytes('storage')
  }

  /**
   * Opens the database in folder `location`.
   * @throws KnownError `no-codebase` (there is none and `create` is not set), `codebase-locked`, `storage`
   */
  static async open(location: string, options: { readonly create: boolean }): Promise<Database> {
    try {
      if (options.create) await createFolder(location)
      const level = new Level(location, { createIfMissing: options.create })
      await level.open()
      return new Database(level, location)
    } catch (error) {
      throw openError(error, location)
    }
  }

  /** Writes the batch as one and returns once it is on disk. @throws KnownError `storage`, with nothing written */
  async write(batch: Batch, options: { readonly sync: boolean } = { sync: true }): Promise<void> {
    if (batch.operations.length === 0) return
    try {
      await this.#level.batch(batch.operations as never[], options)
    } catch (error) {
      throw storageError(error, this.#location)
    }
  }

  /** Runs `work` after all earlier work that was given here: whoever reads a head in order to move it. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Waits for the work that has begun, then lets go of the lock. */
  async close(): Promise<void> {
    await this.#last
    await this.#level.close()
  }
}

/**
 * mkdir -p, one folder at a time: `recursive` never returns where a file system answers
 * ENOENT to a folder that exists (/proc does, in Node 26).
 */
async function createFolder(folder: string): Promise<void> {
  const parent = path.dirname(folder)
  if ((await makeFolder(folder)) || parent === folder) return
  await createFolder(parent)
  if (!(await makeFolder(folder))) await mkdir(folder)
}

/** False when the folder above it is missing. */
async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    if (codeOf(error) !== 'EEXIST') throw error
  }
  return true
}

function openError(error: unknown, location: string): KnownError {
  const folder = path.dirname(path.dirname(location))
  const text = reasonOf(error)
  if (chain(error).some((cause) => codeOf(cause) === 'LEVEL_LOCKED')) {
    return new KnownError(
      'input',
      'codebase-locked',
      `Cannot open codebase: another process has ${folder} open`,
      {
        hint: 'wait until that command ends, or stop the node that serves this codebase',
        details: { folder },
        cause: error,
      },
    )
  }
  if (/does not exist \(create_if_missing|LOCK: No such file or directory/.test(text))
    return noCodebase(folder, error)
  return storageError(error, location)
}

/** There is no codebase in `folder`. */
export function noCodebase(folder: string, cause?: unknown): KnownError {
  return new KnownError('input', 'no-codebase', `Cannot open codebase: there is none in ${folder}`, {
    hint: 'make one with `ucm init`, or name another folder with --codebase DIR',
    details: { folder },
    cause,
  })
}

/** What is wrong, by a word in what the system said; the first that fits. */
const STORAGE_HINTS: readonly (readonly [sign: RegExp, hint: string])[] = [
  [
    /ENOSPC|No space left|EDQUOT|quota/i,
    'the disk is full: free some space and try again; nothing was written',
  ],
  [/EFBIG|File too large/i, 'the system limits the size of files here; nothing was written'],
  [
    /EACCES|EPERM|Permission denied|not permitted/i,
    'you may not write there: change the permissions of the folder or choose another',
  ],
  [/EROFS|Read-only/i, 'the file system is read-only: choose another folder'],
  [/ENOTDIR|EEXIST|Not a directory/i, 'a file stands where a folder is needed: choose another folder'],
  [
    /LEVEL_CORRUPTION|Corruption|checksum/i,
    'the files of the database are damaged: restore them from a copy',
  ],
  [/Too many open files|EMFILE/i, 'too many files are open: raise the limit (`ulimit -n`)'],
]

/** A failure of the disk, or of LevelDB on it, with what to do about it. KnownErrors are returned as they are. */
export function storageError(error: unknown, location: string): KnownError {
  if (error instanceof KnownError) return error
  const text = reasonOf(error)
  const hint = STORAGE_HINTS.find(([sign]) => sign.test(text))?.[1]
  return new KnownError('input', 'storage', `Cannot use codebase storage: ${text}`, {
    hint: hint ?? `check the disk and the permissions of ${location}`,
    details: { path: location },
    cause: error,
  })
}

/** The error and its causes, outermost first. */
function chain(error: unknown): unknown[] {
  return error instanceof Error ? [error, ...chain(error.cause)] : []
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | undefined)?.code
}

/** What the innermost cause says, with its code. */
function reasonOf(error: unknown): string {
  const last = chain(error).at(-1)
  const message = last instanceof Error ? last.message : String(error)
  const code = codeOf(last)
  return code === undefined || message.includes(code) ? message : `${message} (${code})`
}
