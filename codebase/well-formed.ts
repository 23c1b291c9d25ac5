// What GRAMMAR alone cannot say about a decoded component (docs/format.md §4.3).

import { isCanonicalComponent } from './component.ts'
import { MalformedObjectError } from './cbor.ts'
import type { Component } from './term.ts'

/** @throws MalformedObjectError unless `component` is what some source text could have become */
export function assertWellFormed(component: Component): void {
  if (component.members.length > 1 && !isCanonicalComponent(component))
    throw new MalformedObjectError('Cannot decode object: members that are not one cycle in canonical order')
}
