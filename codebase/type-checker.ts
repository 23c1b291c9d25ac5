// The type checker as `define` sees it: a port, so that TypeScript has one home and
// the codebase works without it. Paths are absolute, offsets count UTF-16 units.

import type { FileSystem } from './file-system.ts'

/** What is wrong with the types of a file, in the checker's own words. */
export interface TypeDiagnostic {
  readonly file: string
  readonly start: number
  /** `TS2345`, and what that is about. */
  readonly code: string
  readonly text: string
}

/** Files that were checked together. Whoever asked for it closes it. */
export interface CheckedFiles {
  /** Of the asked files, in their order, by place. */
  readonly diagnostics: readonly TypeDiagnostic[]
  /** The type of the name that stands at `start`; what is not in scope everywhere is written `import("file").Name`. */
  typeAt(file: string, start: number): string | undefined
  close(): void
}

/** Why nothing could be checked. */
export interface Unchecked {
  readonly unchecked: string
}

/** What a checker asks of a disk. */
export type CheckedDisk = Pick<FileSystem, 'read' | 'isFile' | 'isFolder' | 'filesBelow'>

export interface TypeChecker {
  /** What decides besides the texts of `files` how they are checked, as text. */
  rules(files: readonly string[]): string
  /** Whatever it reads or looks for, it asks `disk` for, which may write it down. */
  check(files: readonly string[], disk?: CheckedDisk): Promise<CheckedFiles | Unchecked>
  /** Matches are in the order of the candidates. */
  search(search: TypeSearch): Promise<TypeSearchResult>
}

/** A type to look for, and where. */
export interface TypeSearch {
  readonly type: string
  /** Names in it that are definitions: as written, the path of the declaration without extension, the name there. */
  readonly names: readonly (readonly [local: string, path: string, name: string])[]
  /** Paths of declarations, without extension, whose default exports are looked at. */
  readonly candidates: readonly string[]
}

/** Whether a candidate can stand for the type, and the type for it. */
export type TypeMatch = 'same' | 'fits' | 'other'

export type TypeSearchResult =
  | { readonly matches: readonly TypeMatch[] }
  /** `at` is an offset in the type that was looked for. */
  | { readonly malformed: string; readonly at: number }
  | Unchecked
