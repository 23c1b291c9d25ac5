// A codebase on disk: opens and closes it, and gives each operation, which lives in a
// file of its own, the open workspace and the names of the current branch.

import path from 'node:path'
import { add, type AddOptions, type AddResult } from './add.ts'
import { addFiles } from './add-files.ts'
import { Batch, Database, noCodebase } from './database.ts'
import { declarationTree, type DeclarationState, type DeclarationUpdate } from './declaration-tree.ts'
import type {
  DefineRequest,
  DefineResult,
  Environment,
  FileSystem,
  KnownAbility,
  SourceRecord,
} from './define.ts'
import { type DefinitionView, describe, filedAs, latestSource, nameToShow } from './definition-view.ts'
import { dependencies, dependentNames } from './dependencies.ts'
import { diff, type DiffResult } from './diff.ts'
import { edit, type EditRequest, type EditResult } from './edit.ts'
import type { Effects } from './effects.ts'
import { KnownError } from './errors.ts'
import { find, list } from './find.ts'
import type { Hash, Reference } from './hash.ts'
import { type CommitView, history, readReflog, type ReflogEntry } from './history.ts'
import { alias, type AliasResult, deleteName, type DeleteResult, rename, type RenameResult } from './move.ts'
import type { Names } from './names.ts'
import { receive } from './receive.ts'
import { lookup, type Resolved, resolve } from './resolve-text.ts'
import { findRun, type KeptRun, putRun } from './runs.ts'
import { memoStore, type MemoStore, type Storage, storageOf } from './storage.ts'
import type { ObjectStore } from './store.ts'
import type { Member } from './term.ts'
import type { TypeChecker } from './type-checker.ts'
import { verify, type VerifyResult } from './verify.ts'
import { type FullDefinitionView, view } from './view.ts'
import { type CodebasePowers, FIRST_BRANCH, Workspace } from './workspace.ts'

/** Version of the tables in the database. */
const LAYOUT = '0'

/** An open codebase. Whoever opens it closes it; nobody else can have it open meanwhile. */
export class Codebase {
  /** The folder `.ucm`. */
  readonly folder: string
  readonly objects: ObjectStore
  /** Outcomes of pure calls and tests. */
  readonly memo: MemoStore
  readonly #workspace: Workspace
  #mayHaveMoved = false

  private constructor(folder: string, workspace: Workspace) {
    this.folder = folder
    this.#workspace = workspace
    this.objects = workspace.objects
    this.memo = memoStore(workspace.database)
  }

  /**
   * Makes a codebase in `folder`/.ucm, with the folders that are missing.
   * @throws KnownError `exists`, `codebase-locked`, `storage`
   */
  static async init(folder: string, powers: CodebasePowers): Promise<Codebase> {
    const ucm = ucmFolder(folder)
    const database = await Database.open(path.join(ucm, 'db'), { create: true })
    try {
      if ((await database.settings.get('layout')) !== undefined) throw alreadyThere(ucm)
      const batch = new Batch().put(database.settings, 'layout', LAYOUT)
      await database.write(batch.put(database.settings, 'branch', FIRST_BRANCH))
    } catch (error) {
      await database.close()
      throw error
    }
    return new Codebase(ucm, new Workspace(database, powers))
  }

  /**
   * Opens the codebase in `folder`: one that contains `.ucm`, or `.ucm` itself.
   * @throws KnownError `no-codebase`, `codebase-locked`, `codebase-version`, `storage`
   */
  static async open(folder: string, powers: CodebasePowers): Promise<Codebase> {
    const ucm = ucmFolder(folder)
    const database = await Database.open(path.join(ucm, 'db'), { create: false })
    try {
      const layout = await database.settings.get('layout')
      // A database without it is what an `init` leaves behind that was killed before its first write.
      if (layout === undefined) throw noCodebase(path.dirname(ucm))
      if (layout !== LAYOUT) throw otherVersion(ucm, layout)
    } catch (error) {
      await database.close()
      throw error
    }
    return new Codebase(ucm, new Workspace(database, powers))
  }

  /** Waits for mutations that have begun, then closes. */
  async close(): Promise<void> {
    await this.#workspace.database.close()
  }

  /** Name of the current branch. */
  branch(): Promise<string> {
    return this.#workspace.branch()
  }

  /** Whether the branch may have moved since it was opened. */
  get mayHaveMoved(): boolean {
    return this.#mayHaveMoved
  }

  // Mutations: each is one batch, on disk when it returns.

  add(result: DefineResult, options: AddOptions): Promise<AddResult> {
    this.#mayHaveMoved = true
    return add(this.#workspace, result, options)
  }

  /** As define() and add(); what is as it was when it was added last is not parsed again. */
  addFiles(
    request: DefineRequest,
    sources: Pick<Environment, 'fileSystem' | 'abilities' | 'types' | 'parse'>,
    options: AddOptions,
  ): Promise<AddResult> {
    this.#mayHaveMoved = true
    const environment = { ...this.environment(sources.fileSystem, sources.abilities), ...sources }
    return addFiles(this.#workspace, request, { environment, options })
  }

  rename(from: string, to: string): Promise<RenameResult> {
    this.#mayHaveMoved = true
    return rename(this.#workspace, from, to)
  }

  alias(text: string, name: string): Promise<AliasResult> {
    this.#mayHaveMoved = true
    return alias(this.#workspace, text, name)
  }

  delete(name: string, options: { readonly force?: boolean } = {}): Promise<DeleteResult> {
    this.#mayHaveMoved = true
    return deleteName(this.#workspace, name, options)
  }

  /** Stores an object under its own hash, with its entries in the index. @throws MalformedObjectError */
  async put(object: Uint8Array): Promise<Hash> {
    const [hash] = await this.putAll([object])
    return hash as Hash
  }

  /** Stores objects together, as put() does; dependencies need not come first. */
  putAll(objects: readonly Uint8Array[]): Promise<Hash[]> {
    return receive(this.#workspace, objects)
  }

  /** Stores the receipt of a run, and bytes that a replay of it needs. @throws MalformedObjectError */
  putRun(receipt: Uint8Array, record: Uint8Array): Promise<Hash> {
    return putRun(this.#workspace, { receipt, record })
  }

  /** The run whose receipt's hash begins with `text`. @throws KnownError `receipt-unknown`, `hash-ambiguous` */
  findRun(text: string): Promise<KeptRun> {
    return findRun(this.#workspace, text)
  }

  // Questions about names.

  async resolve(text: string): Promise<Resolved> {
    return resolve(this.#workspace, await this.#names(), text)
  }

  async describe(reference: Reference, name?: string): Promise<DefinitionView> {
    const names = await this.#names()
    const { components } = this.#workspace
    const filed = await filedAs(this.#workspace, names, reference, name)
    return describe(components, name ?? (await nameToShow(components, names, reference)), filed)
  }

  async list(path?: string): Promise<DefinitionView[]> {
    return list(this.#workspace, await this.#names(), path)
  }

  async find(query: string, types?: TypeChecker): Promise<DefinitionView[]> {
    return find(this.#workspace, { names: await this.#names(), types }, query)
  }

  /** Each text is a name, a suffix or a hash. */
  async view(texts: readonly string[]): Promise<FullDefinitionView[]> {
    const names = await this.#names()
    const views: FullDefinitionView[] = []
    for (const text of texts) {
      const { reference, name } = await resolve(this.#workspace, names, text)
      const shown = name ?? (await nameToShow(this.#workspace.components, names, reference))
      views.push(
        await view(this.#workspace, names, shown, await filedAs(this.#workspace, names, reference, name)),
      )
    }
    return views
  }

  /** A source file of the definitions that, added again unchanged, changes nothing. */
  edit(request: EditRequest, environment: Environment): Promise<EditResult> {
    return edit(this.#workspace, request, environment)
  }

  /** The definition under every name that it has on the branch. */
  async names(reference: Reference): Promise<DefinitionView[]> {
    const names = await this.#names()
    return Promise.all(names.of(reference).map((name) => this.describe(reference, name)))
  }

  /** What the definition refers to directly. */
  async dependencies(text: string): Promise<DefinitionView[]> {
    const names = await this.#names()
    const { reference } = await resolve(this.#workspace, names, text)
    return dependencies(this.#workspace, names, reference)
  }

  /** What refers to the definition directly and has a name on the branch. */
  async dependents(text: string): Promise<DefinitionView[]> {
    const names = await this.#names()
    const { reference } = await resolve(this.#workspace, names, text)
    const dependents = await dependentNames(this.#workspace, names, reference)
    return Promise.all(
      dependents.map((name) => this.describe(names.filed.get(name)?.reference as Reference, name)),
    )
  }

  // Questions about definitions, by reference.

  /** The term; undefined when it is not stored. */
  member(reference: Reference): Promise<Member | undefined> {
    return this.#workspace.components.member(reference)
  }

  /** What the author wrote: under `name` if that is given, and where that stood when it was added last. */
  async source(reference: Reference, name?: string): Promise<SourceRecord | undefined> {
    return latestSource(this.#workspace, await this.#names(), reference, name)
  }

  effectsOf(reference: Reference): Promise<Effects> {
    return this.#workspace.components.effectsOf(reference)
  }

  // History, and the store as a whole.

  history(name?: string): Promise<CommitView[]> {
    return history(this.#workspace, name)
  }

  diff(a: string, b?: string): Promise<DiffResult> {
    return diff(this.#workspace, a, b)
  }

  reflog(): Promise<ReflogEntry[]> {
    return readReflog(this.#workspace)
  }

  /** What has to change of the declarations that were written for `since`; undefined when nothing has. */
  declarations(since?: DeclarationState): Promise<DeclarationUpdate | undefined> {
    return declarationTree(this.#workspace, since)
  }

  verify(): Promise<VerifyResult> {
    return verify(this.#workspace)
  }

  /** Bytes that `owner` keeps, for the Store ability and the node. */
  storage(owner: string): Storage {
    return storageOf(this.#workspace.database, owner)
  }

  /** What the definition of sources needs to know of this codebase. */
  environment(fileSystem: FileSystem, abilities: readonly KnownAbility[]): Environment {
    return {
      fileSystem,
      abilities,
      lookup: async (name) => lookup(this.#workspace, await this.#names(), name),
      effectsOf: (reference) => this.effectsOf(reference),
      memberOf: (reference) => this.member(reference),
      previous: async (name) => {
        const filed = (await this.#names()).filed.get(name)
        return filed && this.member(filed.reference)
      },
    }
  }

  async #names(): Promise<Names> {
    return (await this.#workspace.readBranch()).names
  }
}

/** `.ucm` of the folder, or the folder itself if that is its name. */
function ucmFolder(folder: string): string {
  const resolved = path.resolve(folder)
  return path.basename(resolved) === '.ucm' ? resolved : path.join(resolved, '.ucm')
}

function alreadyThere(ucm: string): KnownError {
  return new KnownError('input', 'exists', `Cannot make a codebase: ${ucm} is one already`, {
    hint: 'use it as it is, or choose another folder',
    details: { folder: path.dirname(ucm) },
  })
}

function otherVersion(ucm: string, layout: string): KnownError {
  return new KnownError(
    'input',
    'codebase-version',
    `Cannot open codebase: its layout is ${layout}, expected ${LAYOUT}`,
    {
      hint: 'it was made by another version of ucm: use that one',
      details: { folder: path.dirname(ucm), layout },
    },
  )
}
