// The grammar of stored objects, whatever their kind.

import { MalformedObjectError } from './cbor.ts'
import { decodeCommit } from './commit.ts'
import { decodeComponent, decodeObject } from './decode.ts'
import { OBJECT_KINDS } from './encode.ts'
import { decodeNamespaceNode } from './namespace.ts'
import { decodeSource } from './source-object.ts'
import { kindOfObject } from './store.ts'

/** Checks that `object` is well-formed for its kind; of a receipt, whose body the executor knows, only that it is canonical. @throws MalformedObjectError */
export function checkObject(object: Uint8Array): void {
  switch (kindOfObject(object)) {
    case OBJECT_KINDS.component:
      decodeComponent(object)
      return
    case OBJECT_KINDS.namespace:
      decodeNamespaceNode(object)
      return
    case OBJECT_KINDS.commit:
      decodeCommit(object)
      return
    case OBJECT_KINDS.source:
      decodeSource(object)
      return
    case OBJECT_KINDS.receipt:
      decodeObject(object, OBJECT_KINDS.receipt)
      return
    case undefined:
      decodeObject(object, OBJECT_KINDS.component) // says which version it is of, when that is what is wrong
      throw new MalformedObjectError('Cannot accept object: it is of no known kind')
  }
}
