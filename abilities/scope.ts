// How the scopes of one ability are read and combined. An ability without such a rule
// takes no scope.

export interface ScopeRule {
  /** What a scope looks like, for messages. */
  readonly expected: string
  /** The canonical form of `scope`, or undefined when it is none. */
  normalise(scope: string): string | undefined
  /** What both scopes let through; an absent one is everything that the provider takes. */
  intersect(left: string | undefined, right: string | undefined): ScopeResult
  /** What either scope lets through, or undefined when no one scope says that. */
  unite(left: string, right: string): string | undefined
}

/** `nothing` when no request can be within both scopes. */
export type ScopeResult = { readonly scope: string | undefined } | 'nothing'
