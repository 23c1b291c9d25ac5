// docs/limits.md says what the code enforces.

import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LIMITS_PAGE, limitsPage } from './support/limits-page.ts'

test('docs/limits.md is what limits-page.ts makes of the code', async () => {
  assert.fixture(readFileSync(LIMITS_PAGE, 'utf8'), await limitsPage())
})

test('every bound says what it bounds', async () => {
  const bare = (await limitsPage()).split('\n').filter((line) => /\|\s*\|$/.test(line))
  assert.equal(bare, [])
})

test('fields of the same name in two objects are told apart', async () => {
  const page = await limitsPage()
  assert.match(page, /`PARKED_BOUNDS\.maxBytes`.*A parked run/)
  assert.match(page, /`EFFECT_LOG_BOUNDS\.maxBytes`.*effect log/)
})

test.run()
