// remeda, ramda, date-fns, held against Node.

import { test } from 'uvu'
import { CURRIED } from './groups.ts'
import { testGroups } from './held.ts'

testGroups(CURRIED, {
  remeda: { functions: 150, returned: 0.6 },
  ramda: { functions: 265, returned: 0.55 },
  'date-fns': { functions: 215, returned: 0.85 },
})

test.run()
