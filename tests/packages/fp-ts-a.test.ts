// fp-ts, modules A–N, held against Node.

import { test } from 'uvu'
import { FP_TS_A } from './groups.ts'
import { testGroups } from './held.ts'

testGroups(FP_TS_A, {
  'fp-ts A–N': { functions: 300, returned: 0.45 },
})

test.run()
