// `.ucm/types` is derived: whatever is wrong with it, or was written by another program, is made anew.

import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject } from '../support/project.ts'

const project = await makeProject({ 'a.ts': 'export const half = (x: number): number => x / 2\n' })
const stateFile = path.join(project.folder, '.ucm/types/#state.json')
const abilities = path.join(project.folder, '.ucm/types/abilities.d.ts')
const state = JSON.parse(readFileSync(stateFile, 'utf8'))
const declared = readFileSync(abilities, 'utf8')

const UNUSABLE: Readonly<Record<string, string>> = {
  'is cut short': '{"root',
  'is no object': 'null',
  'lacks what it should have': JSON.stringify({ ...state, mentions: undefined }),
  'is of another codebase': JSON.stringify({ ...state, root: `b${'a'.repeat(51)}` }),
  'is of another build': JSON.stringify({ ...state, build: '0' }),
}

for (const [what, text] of Object.entries(UNUSABLE)) {
  test(`a state that ${what} is no state`, async () => {
    writeFileSync(abilities, 'export {}\n')
    writeFileSync(stateFile, text)
    const { unchanged } = await project.json(['add', 'a.ts'])
    assert.equal(unchanged.length, 1)
    assert.is(readFileSync(abilities, 'utf8'), declared)
    assert.equal(JSON.parse(readFileSync(stateFile, 'utf8')), state)
  })
}

test.run()
