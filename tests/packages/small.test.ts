// The small packages, held against Node.

import { test } from 'uvu'
import { SMALL } from './groups.ts'
import { testGroups } from './held.ts'

testGroups(SMALL, {
  'just-*': { functions: 66, returned: 0.55 },
  radash: { functions: 84, returned: 0.6 },
  'd3-array': { functions: 76, returned: 0.6 },
  'simple-statistics': { functions: 87, returned: 0.5 },
  '@noble/hashes': { functions: 120, returned: 0.3 },
})

test.run()
