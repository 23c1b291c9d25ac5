// es-toolkit, lodash-es, held against Node.

import { test } from 'uvu'
import { LARGE } from './groups.ts'
import { testGroups } from './held.ts'

testGroups(LARGE, {
  'es-toolkit': { functions: 460, returned: 0.75 },
  'lodash-es': { functions: 220, returned: 0.85 },
})

test.run()
