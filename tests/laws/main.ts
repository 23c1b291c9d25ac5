// `npm run laws`: the laws of hashes on the packages of the corpus, as a table. With --all
// on all of them; words pick laws, `seed=N` another run, `changes=N` more changes of meaning.

import process from 'node:process'
import { corpus } from './corpus.ts'
import { LAWS } from './laws.ts'
import { judgeMutation, subjectOf } from './meaning.ts'
import { LARGE } from './sample.ts'
import { randomFrom } from './text.ts'

const words = process.argv.slice(2)
const valueOf = (key: string, otherwise: string): string =>
  words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1) ?? otherwise
const seed = valueOf('seed', '1')
const changes = Number(valueOf('changes', '10'))
const picked = words.filter((word) => !word.startsWith('--') && !word.includes('='))
const packages = [...corpus()].filter(([name]) => words.includes('--all') || !LARGE.has(name))
const isPicked = (law: string): boolean => picked.length === 0 || picked.some((word) => law.includes(word))

let failures = 0
console.log(`seed ${seed}, ${packages.length} packages`)
for (const law of LAWS.filter(({ name }) => isPicked(name))) {
  let found = 0
  for (const [name, roots] of packages) {
    const different = await law.differencesIn(roots, seed)
    for (const line of different.slice(0, 5)) console.log(`  ${name}: ${line}`)
    found += different.length
  }
  console.log(`${found === 0 ? 'holds ' : `${found} differences`} ${law.name}`)
  failures += found
}
if (isPicked('meaning')) failures += await judgeChanges()
process.exitCode = failures === 0 ? 0 : 1

/** Draws changes of meaning in every package; prints what is wrong with any, and how many there were of each kind. */
async function judgeChanges(): Promise<number> {
  const kinds = new Map<string, number>()
  let wrong = 0
  for (const [name, roots] of packages) {
    const subject = await subjectOf(roots)
    for (let index = 0; subject.files.size > 0 && index < changes; index++) {
      const verdict = await judgeMutation(subject, randomFrom(`${seed} ${name} ${index}`))
      const kind = !verdict ? 'none drawn' : verdict.isSkipped ? `${verdict.kind}, refused` : verdict.kind
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      for (const line of verdict?.wrong.slice(0, 5) ?? [])
        console.log(`  ${name}: ${verdict?.where}\n    ${line}`)
      wrong += verdict?.wrong.length ?? 0
    }
  }
  console.log(`${wrong === 0 ? 'holds ' : `${wrong} wrong`} meaning`)
  for (const [kind, count] of [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`  ${count} ${kind}`)
  return wrong
}
