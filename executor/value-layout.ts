// How this build of the engine holds strings, objects and the runtime in memory; engine.ts has arrays
// and numbers. tests/executor/engine.test.ts finds each of these facts anew. Offsets are in bytes.

/** The upper word of a value says what it is; ARRAY_LAYOUT has objects, integers and floats. */
export const TAGS = Object.freeze({
  bigint: -9,
  string: -7,
  rope: -6,
  boolean: 1,
  null: 2,
  undefined: 3,
  shortBigint: 7,
})

export const VALUE_LAYOUT = Object.freeze({
  /** Of a string: its length in units, the highest bit set when these have 16 bits; whether it is an atom, in the two highest bits. */
  length: 4,
  atomKind: 8,
  /** What the two bits say of an atom that is text and no symbol. */
  textAtom: 1,
  units: 16,
  /** Of a string that is made of two others. */
  left: 16,
  right: 24,
  /** Of a bigint: how many words, and these, in two's complement. */
  wordCount: 4,
  words: 8,
  /** Of an object: how often it is referred to, type and class, its place in the list of all, what its class adds. */
  references: 0,
  kind: 4,
  link: 8,
  weakReferences: 16,
  own: 32,
  bytes: 48,
  extensibleFlag: 1,
  objectClass: 1,
  dateClass: 10,
  mapClass: 35,
  setClass: 36,
  /** Of what a Map or Set adds: the list of its entries and how many there are. */
  entries: 4,
  entryCount: 12,
  /** Of an entry, from its place in that list: whether it was deleted under an iterator, its key, its value. */
  deleted: -4,
  entryKey: 16,
  entryValue: 24,
  /** Of a shape: room for values, the prototype, and what is known of each property: flags above 26 bits, then its atom. */
  room: 28,
  prototype: 44,
  described: 48,
  flagShift: 26,
  enumerable: 4,
  /** Set in an accessor and in whatever else is not simply a value. */
  special: 0x30,
  /** Set in an atom that is an index and not in the table of atoms. */
  indexAtom: 0x8000_0000,
  /** Of a runtime: allocations and their size by its own count, its atoms, the list of all objects, when to collect. */
  allocations: 16,
  allocatedSize: 20,
  sizePerAllocation: 8,
  atoms: 56,
  objects: 80,
  collectAt: 108,
})
