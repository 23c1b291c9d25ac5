import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject } from '../support/project.ts'

const SOURCE = `import { Clock, Random } from 'ucm/abilities'

export function* dice() {
  return [yield* Random.number(), yield* Clock.now()]
}

export const half = (x: number) => {
  if (x % 2) throw new RangeError('odd')
  return x / 2
}
`

test('replay gives the outcome of a receipt again, whatever it was', async () => {
  const project = await makeProject({ 'dice.ts': SOURCE })
  const rolled = await project.ucm(['run', 'dice', '-A'])
  const { value, fuel, receipt } = rolled.json as { value: unknown; fuel: number; receipt: string }
  const replayed = await project.ucm(['replay', receipt.slice(0, 12)])
  assert.is(replayed.code, 0)
  const { ms: _, ...document } = replayed.json as Record<string, unknown>
  const { hash } = rolled.json as { hash: string }
  assert.equal(document, { outcome: 'value', value, hash, receipt, fuel, memoised: false, same: true })
  const failed = await project.ucm(['run', 'half', '3'])
  const again = await project.ucm(['replay', `#${(failed.json as { receipt: string }).receipt}`])
  assert.equal([again.code, again.json['outcome'], again.json['same']], [3, 'failure', true])
  assert.equal(again.json['error'], failed.json['error'])
})

test('replay of what is no receipt says so', async () => {
  const project = await makeProject({ 'dice.ts': SOURCE })
  const dice = (await project.json(['view', 'dice'])) as { definitions: { hash: string }[] }
  for (const text of ['nothing', 'aaaa', dice.definitions[0]?.hash.slice(0, 20) ?? '']) {
    const { code, json } = await project.ucm(['replay', text])
    assert.equal([code, (json['error'] as { code: string }).code], [1, 'receipt-unknown'])
  }
})

test.run()
