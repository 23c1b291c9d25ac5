// Goes on, in a process of its own, with a run that another one parked: `node unpark.ts FILE`, where
// FILE is JSON of `{ source, parked (base64), answers }`. Prints the replies as JSON.

import { readFileSync } from 'node:fs'
import { decodeParked } from '../../executor/parked.ts'
import { BOUNDS, load, textOf } from './sandboxes.ts'

const { source, parked, answers } = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as {
  source: string
  parked: string
  answers: [json: string, operation: string][]
}
const { sandbox, image } = load(source)
sandbox.unpark(image, decodeParked(Buffer.from(parked, 'base64'), image))
console.log(
  JSON.stringify(answers.map((answer) => [textOf(sandbox.call('answer', answer, BOUNDS)), sandbox.used])),
)
