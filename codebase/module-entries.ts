// What a module imports and exports, as entries by name.

/** A module specifier and where it stands. */
export interface Request {
  readonly specifier: string
  readonly start: number
}

/** `imported` is `*` for the namespace. */
export interface ImportEntry extends Request {
  readonly imported: string
  /** For what CommonJS requires: `imported` is a property of the module's value, or MODULE_VALUE itself. */
  readonly required?: Interop
}

/**
 * How a required module is taken: as it is, or through the interop of a compiler, which puts what was no ES
 * module once into an object with `default` (and, for `star`, a copy of its properties).
 */
export type Interop = 'value' | 'default' | 'star'

export type ExportEntry =
  | ({ readonly kind: 'from' } & ImportEntry)
  /** `local` is null for an unnamed default export. */
  | { readonly kind: 'local'; readonly local: string | null; readonly start: number }

/** The binding that stands for the value of a CommonJS module. */
export const MODULE_VALUE = 'module.exports'
