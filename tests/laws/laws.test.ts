// Hashes and refusals do not depend on how a package is spelt, and change with its meaning.
// A failure prints the seed, the package and the change; `npm run laws -- --all` tries all packages whole.

import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { corpus } from './corpus.ts'
import { LAWS } from './laws.ts'
import { judgeMutation, type Subject, subjectOf, type Verdict } from './meaning.ts'
import { LARGE, SEED } from './sample.ts'
import { randomFrom } from './text.ts'

/** Packages that take a fraction of a second. */
const packages = [...corpus()].filter(([name]) => !LARGE.has(name))
/** CommonJS is no TypeScript: types in it do not erase. */
const COMMON_JS = new Set(['hash.js', 'mnemonist', 'picomatch', 'semver'])
const isTried = (law: string, name: string): boolean => !(law === 'types' && COMMON_JS.has(name))
const options = { seed: Number(SEED), numRuns: 8 }

for (const law of LAWS) {
  test(`define() makes the same of a package whatever its ${law.name}`, async () => {
    const some = packages.filter(([name]) => isTried(law.name, name))
    const property = fc.asyncProperty(fc.constantFrom(...some), fc.nat(), async ([name, roots], seed) => {
      assert.equal(await law.differencesIn(roots, String(seed)), [], name)
    })
    await fc.assert(property, options)
  })
}

test('define() changes the hash of what a change of meaning is in, of all that depends on it, and no other', async () => {
  const subjects = new Map<string, Subject>()
  const verdicts: Verdict[] = []
  const property = fc.asyncProperty(fc.constantFrom(...packages), fc.nat(), async ([name, roots], seed) => {
    const subject = subjects.get(name) ?? (await subjectOf(roots))
    subjects.set(name, subject)
    if (subject.files.size === 0) return
    const verdict = await judgeMutation(subject, randomFrom(String(seed)))
    if (!verdict) return
    verdicts.push(verdict)
    assert.equal(verdict.wrong, [], `${verdict.kind} in ${verdict.where}`)
  })
  await fc.assert(property, { ...options, numRuns: 60 })
  const judged = verdicts.filter(({ isSkipped }) => !isSkipped)
  assert.ok(judged.length > 30, `${judged.length} changes were judged`)
  assert.ok(new Set(judged.map(({ kind }) => kind)).size >= 6, 'of six kinds at least')
})

test.run()
