// fp-ts, modules O–R, held against Node.

import { test } from 'uvu'
import { FP_TS_O } from './groups.ts'
import { testGroups } from './held.ts'

testGroups(FP_TS_O, {
  'fp-ts O–R': { functions: 300, returned: 0.45 },
})

test.run()
