// The example of docs/embedding.md is the file beside it, and does what the page says.

import { execFile } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject } from '../support/project.ts'

const docs = path.resolve(import.meta.dirname, '../../docs')
const page = readFileSync(path.join(docs, 'embedding.md'), 'utf8')

test('the page shows the example', () => {
  assert.ok(
    page.includes(`\n\`\`\`ts\n${readFileSync(path.join(docs, 'examples/embed.ts'), 'utf8')}\`\`\`\n`),
  )
})

test('the example prints what the page says', async () => {
  const project = await makeProject({}, true)
  cpSync(path.join(docs, 'examples/welcome.ts'), path.join(project.folder, 'welcome.ts'))
  await project.json(['init'])
  await project.json(['add', 'welcome.ts'])
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, [path.join(docs, 'examples/embed.ts')], {
    cwd: project.folder,
  })
  const shown = /^\$ ucm init && .*\n([^`]*)```/m.exec(page)?.[1]
  assert.is(stdout, shown)
})

test.run()
