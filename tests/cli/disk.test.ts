// What the disk says of files: a stamp of each plain one, nothing of what is not there; and what
// of the program's own decides what comes of an addition.

import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fileStamp, programBuild } from '../../cli/disk.ts'
import { temporaryFolder } from '../support/temporary.ts'

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

test('programBuild() is another one when a source changes that defines, declares or checks, or TypeScript does', () => {
  const root = temporaryFolder()
  const write = (file: string, text: string, second: number): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), text)
    utimesSync(path.join(root, file), second, second)
  }
  const manifest = 'node_modules/typescript/package.json'
  const sources = ['codebase/define.ts', 'abilities/guest.d.ts', 'cli/typescript.ts', 'cli/types-folder.ts']
  for (const source of sources) write(source, '', 1)
  write(manifest, '{"version":"7.0.2"}', 1)
  const seen = [programBuild(root, '1.0.0')]
  assert.is(programBuild(root, '1.0.0'), seen[0])
  // The status of a file changes with it, so that later is later.
  const later = Math.ceil(Date.now() / 1000) + 10
  for (const [index, source] of sources.entries()) {
    write(source, 'export {}', later + index)
    seen.push(programBuild(root, '1.0.0'))
  }
  write(manifest, '{"version":"7.0.3"}', 1)
  seen.push(programBuild(root, '1.0.0'), programBuild(root, '1.0.1'))
  assert.is(new Set(seen).size, 7)
})

test.run()
