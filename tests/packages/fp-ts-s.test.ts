// fp-ts, modules S–Z, held against Node.

import { test } from 'uvu'
import { FP_TS_S } from './groups.ts'
import { testGroups } from './held.ts'

testGroups(FP_TS_S, {
  'fp-ts S–Z': { functions: 300, returned: 0.45 },
})

test.run()
