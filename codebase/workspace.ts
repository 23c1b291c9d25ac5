// An open codebase as its operations see it: the database, the objects, the decoded
// components, the powers that were handed in, and the current branch with its names.

import { type ComponentReader, readComponents } from './components.ts'
import { decodeCommit } from './commit.ts'
import type { Database } from './database.ts'
import { KnownError } from './errors.ts'
import type { Hash } from './hash.ts'
import { loadNames } from './namespace.ts'
import { makeNames, type Names } from './names.ts'
import { ObjectStore, requireObject } from './store.ts'

/** What a codebase needs of the world besides its disk. */
export interface CodebasePowers {
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number
  /** Who makes the commits, as the history shows it. */
  readonly author: string
  /** What tells this program from others, which may define otherwise: what they remember is not believed. */
  readonly build?: string
}

/** A branch at a moment. `head` and `root` are null until the first commit. */
export interface BranchState {
  readonly branch: string
  readonly head: Hash | null
  /** Root node of the namespace. */
  readonly root: Hash | null
  readonly names: Names
}

/** Name of the branch that a new codebase begins with. */
export const FIRST_BRANCH = 'main'

/** What every operation on an open codebase is given. */
export class Workspace {
  readonly database: Database
  readonly objects: ObjectStore
  readonly components: ComponentReader
  readonly powers: CodebasePowers
  /** The namespace that was loaded last. */
  #loaded: { readonly root: Hash | null; readonly names: Names } = { root: null, names: makeNames(new Map()) }

  constructor(database: Database, powers: CodebasePowers) {
    this.database = database
    this.objects = new ObjectStore(database)
    this.components = readComponents(this.objects)
    this.powers = powers
  }

  /** Name of the current branch. */
  async branch(): Promise<string> {
    const branch = await this.database.settings.get('branch')
    if (branch !== undefined) return branch
    throw new KnownError(
      'input',
      'codebase-damaged',
      'Cannot use codebase: the name of its branch is lost, expected one',
      {
        hint: 'the disk has damaged it; `ucm verify` says what is left, and a copy of .ucm from before brings it back',
      },
    )
  }

  /** The current branch as it is now; whoever goes on to move it does both within database.exclusively(). */
  async readBranch(): Promise<BranchState> {
    const branch = await this.branch()
    const head = (await this.headOf(branch)) ?? null
    const root = head && decodeCommit(await requireObject(this.objects, head)).namespace
    if (root !== this.#loaded.root) {
      this.#loaded = { root, names: makeNames(await loadNames(root, this.objects)) }
    }
    return { branch, head, root, names: this.#loaded.names }
  }

  /** Head of a branch; undefined when there is no such branch, or nothing on it yet. */
  async headOf(branch: string): Promise<Hash | undefined> {
    return (await this.database.heads.get(branch)) as Hash | undefined
  }
}
