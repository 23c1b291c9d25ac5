// The types that authors write against: fixtures/types/rows.ts states what is inferred and
// what is refused; the fixtures are programs that must have no type errors.

import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = path.resolve(import.meta.dirname, '../..')
const tsc = path.join(root, 'node_modules/typescript/bin/tsc')

test('rows are inferred through yield*, taken out by handlers, and checked against annotations', () => {
  const { stdout, status } = spawnSync(process.execPath, [tsc, '--noEmit', '--project', 'fixtures'], {
    cwd: root,
    encoding: 'utf8',
  })
  assert.is(stdout, '')
  assert.is(status, 0)
})

test.run()
