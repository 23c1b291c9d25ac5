// What the disk says of files: a stamp of each plain one, nothing of what is not there.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fileStamp } from '../../cli/disk.ts'

test('fileStamp() of a plain file is the same until it changes, of anything else there is none', () => {
  const stamp = fileStamp(import.meta.filename)
  assert.equal(fileStamp(import.meta.filename), stamp)
  assert.ok(stamp && stamp.changedMs > 0)
  for (const absent of [
    import.meta.dirname,
    `${import.meta.filename}.none`,
    `${import.meta.filename}/package.json`,
  ])
    assert.is(fileStamp(absent), undefined, absent)
})

test.run()
