// Where the suites of known packages lie, and what of them is not for a sandbox. A package that is
// not here is taken by the usual names of test files.

/** How to take the test files of a repository. */
export interface Profile {
  /** Folder of the package within its repository. */
  readonly folder: string
  /** Test files, by their path in that folder. */
  readonly tests: RegExp
}

const USUAL: Profile = { folder: '.', tests: /[.-](test|spec)\.[cm]?[jt]s$/ }

const PROFILES: Readonly<Record<string, Profile>> = {
  'd3-array': { folder: '.', tests: /^test\/.*-test\.js$/ },
  ramda: { folder: '.', tests: /^test\/[^/]+\.js$/ },
  'es-toolkit': { folder: '.', tests: /^src\/.*\.spec\.ts$/ },
  'remeda-monorepo': { folder: 'packages/remeda', tests: /^src\/.*\.test\.ts$/ },
  'date-fns': { folder: '.', tests: /^src\/.*\/test\.ts$/ },
}

export function profileOf(packageName: string): Profile {
  return PROFILES[packageName] ?? USUAL
}
