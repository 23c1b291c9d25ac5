// The CommonJS packages, held against Node.

import { test } from 'uvu'
import { COMMON_JS } from './groups.ts'
import { testGroups } from './held.ts'

testGroups(COMMON_JS, {
  semver: { functions: 38, returned: 0.3 },
  picomatch: { functions: 1, returned: 0.5 },
  mnemonist: { functions: 51, returned: 0.5 },
  'hash.js': { functions: 28, returned: 0.7 },
})

test.run()
