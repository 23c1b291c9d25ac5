// The public API of the codebase: re-exports only.

export * from './cbor.ts'
export * from './cid.ts'
export * from './component.ts'
export * from './decode.ts'
export * from './define.ts'
export * from './effects.ts'
export * from './emit.ts'
export * from './encode.ts'
export * from './errors.ts'
export * from './evaluation-order.ts'
export * from './hash.ts'
export * from './kind.ts'
export * from './limits.ts'
export * from './nearest.ts'
export * from './normalise.ts'
export * from './permits.ts'
export * from './print.ts'
export * from './term.ts'
export * from './value.ts'
export * from './value-decoder.ts'
export * from './value-encoder.ts'
export * from './value-json.ts'

export type { AddOptions, AddResult } from './add.ts'
export type { Alias, Moved } from './add-report.ts'
export { checkObject } from './check-object.ts'
export { Codebase } from './codebase.ts'
export type { Commit } from './commit.ts'
export { definitionPath } from './declaration-path.ts'
export type { DeclarationState, DeclarationUpdate } from './declaration-tree.ts'
export type { DefinitionView } from './definition-view.ts'
export type { DiffResult, UpdatedView } from './diff.ts'
export type { EditRequest, EditResult } from './edit.ts'
export type { CommitChanges, CommitView, ReflogEntry } from './history.ts'
export type { AliasResult, DeleteResult, NamedHash, RenameResult } from './move.ts'
export { checkName } from './names.ts'
export type {
  CheckedDisk,
  CheckedFiles,
  TypeChecker,
  TypeDiagnostic,
  TypeMatch,
  TypeSearch,
  TypeSearchResult,
  Unchecked,
} from './type-checker.ts'
export type { Resolved } from './resolve-text.ts'
export { decodeSource, encodeSource } from './source-object.ts'
export type { MemoStore, Storage } from './storage.ts'
export {
  closureOf,
  kindOfObject,
  type KnownHashes,
  type ObjectSource,
  type ObjectStore,
  overlay,
  present,
  requireObject,
  type StoredObject,
} from './store.ts'
export type { Problem, VerifyResult } from './verify.ts'
export type { FullDefinitionView } from './view.ts'
export type { CodebasePowers } from './workspace.ts'
