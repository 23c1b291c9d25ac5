// mathjs, held against Node.

import { test } from 'uvu'
import { MATHJS } from './groups.ts'
import { testGroups } from './held.ts'

testGroups(MATHJS, {
  mathjs: { functions: 400, returned: 0.05 },
})

test.run()
