// mathjs, held against Node.

import { test } from 'uvu'
import { MATHJS } from './groups.ts'
import { testGroups } from './held.ts'

testGroups(MATHJS, {
  mathjs: { functions: 250, returned: 0.2 },
})

test.run()
