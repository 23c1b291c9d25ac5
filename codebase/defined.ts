// What goes into `define` and what comes out of it.

import type { Effects } from './effects.ts'
import type { FileSystem } from './file-system.ts'
import type { Hash, Reference } from './hash.ts'
import type { Rejection } from './refusals.ts'
import type { Parse } from './source.ts'
import type { DefinitionKind, Member } from './term.ts'
import type { TypeChecker } from './type-checker.ts'

/** An ability that `ucm/abilities` exports. */
export interface KnownAbility {
  readonly name: string
  readonly reference: Reference
  readonly object: Uint8Array
  readonly operations: readonly string[]
}

/** What `define` may ask of the world. */
export interface Environment {
  readonly fileSystem: FileSystem
  readonly abilities: readonly KnownAbility[]
  /** What `math.stats.mean` or `#hash` means in the codebase. */
  lookup(name: string): Promise<Reference | undefined>
  effectsOf(reference: Reference): Promise<Effects>
  /** A definition of the codebase; without it, the rows of imported abilities show hashes. */
  memberOf?(reference: Reference): Promise<Member | undefined>
  /** What `name` was before: nominal definitions keep their nominal name. */
  previous?(name: string): Promise<Member | undefined>
  /** A parser to use in the place of oxc-parser, when the two are held against each other. */
  readonly parse?: Parse
  /** Checks types; without it they are not checked, and signatures show what is annotated. */
  readonly types?: Pick<TypeChecker, 'check' | 'rules'> | undefined
}

export interface DefineRequest {
  /** Absolute paths, or `npm:package[@version][/subpath]`. */
  readonly files: readonly string[]
  /** The working directory: file names are shown relative to it, packages are found from it. */
  readonly directory: string
  /** Namespace that the names go below. */
  readonly at?: string
  /** Names of the given files' own definitions, below `at`, where these differ from the names they are declared with. */
  readonly as?: Readonly<Record<string, string>>
  /** Whether the caller takes what is accepted when something is not: a file that does not parse is then one rejection. */
  readonly partial?: boolean
}

/** One accepted definition. */
export interface Defined {
  readonly name: string
  readonly reference: Reference
  readonly kind: DefinitionKind
  /** Names of the abilities that it may perform, in ascending order. */
  readonly row: readonly string[]
  readonly effects: Effects
  readonly signature?: string
  readonly exported: boolean
  /** As it stands in its component. */
  readonly member: Member
  readonly source: SourceRecord
}

/** What the author wrote. */
export interface SourceRecord {
  /** The declaration as written, with the comments before it and the statements that complete it. */
  readonly text: string
  readonly file: string
  /** Where `text` begins, both counted from 1. */
  readonly line: number
  readonly column: number
  /** UTF-16 offset within `text` of each node of the term in walkMember() order; -1 for nodes from elsewhere. */
  readonly positions: readonly number[]
  /** Where what follows an offset within `text` stands in the file, when it does not follow what is before it: offset, line, column, ascending. */
  readonly parts: readonly (readonly [offset: number, line: number, column: number])[]
  readonly signature: string | null
  readonly exported: boolean
  /** Definitions that it mentions, types too: the name as written (`ns.x` of a namespace), the full name. */
  readonly imports: readonly (readonly [local: string, name: string])[]
}

export interface DefineResult {
  /** In ascending order of names. */
  readonly definitions: readonly Defined[]
  readonly rejected: readonly Rejection[]
  /** Components of the definitions, and of the built-in abilities that they mention. */
  readonly objects: ReadonlyMap<Hash, Uint8Array>
  readonly warnings: readonly Rejection[]
  /** Whether the types were checked, and signatures inferred where none is written. */
  readonly isTyped?: boolean
}
