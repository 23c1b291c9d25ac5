// The canonical subset of DAG-CBOR that every hashed byte is written in: one
// encoding per value, and a decoder that accepts no other (docs/format.md §2).
// Neither recurses, so that no input can exhaust the stack. Trusts nothing it reads.

import { Link, type Plain } from './cbor-items.ts'
import { CborReader } from './cbor-reader.ts'
import { CborWriter } from './cbor-writer.ts'
import type { Hash } from './hash.ts'
import { type DecodeBounds, OBJECT_BOUNDS } from './limits.ts'

export * from './cbor-items.ts'

/** The one encoding of `value`; `check` may refuse it before it is handed out. @throws TypeError for what the subset cannot carry */
export function encodePlain(value: Plain, check?: (written: CborWriter) => void): Uint8Array {
  const writer = new CborWriter()
  const path: { readonly items: readonly Plain[]; next: number }[] = []
  let item: Plain | undefined = value
  for (;;) {
    if (Array.isArray(item)) {
      writer.array(item.length)
      path.push({ items: item, next: 0 })
    } else {
      writeScalar(writer, item as Exclude<Plain, readonly Plain[]>)
    }
    let top = path.at(-1)
    while (top && top.next === top.items.length) {
      path.pop()
      top = path.at(-1)
    }
    if (!top) {
      check?.(writer)
      return writer.finish()
    }
    item = top.items[top.next++]
  }
}

function writeScalar(writer: CborWriter, item: Exclude<Plain, readonly Plain[]>): void {
  if (typeof item === 'string') writer.text(item)
  else if (typeof item === 'number') writer.number(item)
  else if (typeof item === 'boolean') writer.boolean(item)
  else if (item === null) writer.null()
  else if (item instanceof Uint8Array) writer.bytes(item)
  else if (item instanceof Link) writer.link(item.hash)
  else
    throw new TypeError(
      `Cannot encode ${typeof item}, expected null, boolean, number, text, bytes, link or array`,
    )
}

/** The value that `bytes` are the encoding of. @throws MalformedObjectError for every other spelling, and beyond `bounds` */
export function decodePlain(bytes: Uint8Array, bounds: DecodeBounds = OBJECT_BOUNDS): Plain {
  const reader = new CborReader(bytes, bounds)
  const path: { readonly items: Plain[]; missing: number }[] = []
  for (;;) {
    let item: Plain = reader.next()
    if (reader.arrayLength > 0) {
      if (path.length + 1 > bounds.maxDepth)
        reader.fail(`more than ${bounds.maxDepth} arrays inside each other`)
      path.push({ items: item as Plain[], missing: reader.arrayLength })
      continue
    }
    for (;;) {
      const top = path.at(-1)
      if (!top) {
        reader.end()
        return item
      }
      top.items.push(item)
      if (--top.missing > 0) break
      item = top.items
      path.pop()
    }
  }
}

/** Hashes of every object that `object` links to, each once, in order of first occurrence, whatever its kind. @throws MalformedObjectError */
export function linksOf(object: Uint8Array): Hash[] {
  const links = new Set<Hash>()
  const reader = new CborReader(object, OBJECT_BOUNDS)
  for (let missing = 1; missing > 0; missing += reader.arrayLength - 1) {
    const link = reader.link()
    if (link) links.add(link.hash)
  }
  reader.end()
  return [...links]
}
