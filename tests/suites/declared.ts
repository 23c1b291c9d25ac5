// Differences between Node and a sandbox that are declared, each with its rule. What no rule covers
// counts as different.

/** Why a case that passes in Node does not pass in a sandbox; undefined when it ought to. */
export function declaredReason(name: string, message: string): string | undefined {
  return RULES.find((rule) => rule.holds(name, message))?.reason
}

const RULES: readonly { readonly reason: string; holds(name: string, message: string): boolean }[] = [
  {
    // docs/language.md: warned of as `locale-dependent`
    reason: 'a method that depends on a locale is absent',
    holds: (_, message) => /^TypeError: Cannot call \w+: what depends on a locale is absent/.test(message),
  },
  {
    // A test that looks at what V8 says when it calls something else than a function.
    reason: 'the engine has words of its own for an error of the language',
    holds: (_, message) => message === 'Error: [TypeError: not a function] was thrown',
  },
  {
    reason: 'a sandbox is not Node, and says so',
    holds: (name) => name === 'isNode › should return true in node environment',
  },
]
