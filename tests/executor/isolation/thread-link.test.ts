import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sharedEngine, startThread } from '../../../executor/isolation/thread-link.ts'
import type { TaskDone } from '../../../executor/stint.ts'
import { SETUP, start, testWorkerLink } from '../../contracts/worker-link.ts'

testWorkerLink('a thread', startThread)

/** What a new thread answers to its first task. */
async function answerOfThread(): Promise<TaskDone> {
  const { promise, resolve } = Promise.withResolvers<TaskDone>()
  const link = startThread(SETUP, { onDone: ([done]) => resolve(done as TaskDone), onEnd: () => {} })
  link.post([{ sequence: 1, stint: start(1, '() => 1'), timeMs: 60_000 }])
  const done = await promise
  await link.terminate()
  return done
}

test('threads share the engine that the first one compiled', async () => {
  const first = await answerOfThread()
  const engine = sharedEngine()
  assert.instance(engine, WebAssembly.Module)
  const second = await answerOfThread()
  assert.is(sharedEngine(), engine, 'no other thread compiles it')
  const replyOf = ({ result }: TaskDone) =>
    typeof result === 'string' ? result : [result.reply, result.used]
  assert.equal(replyOf(second), replyOf(first))
})

test.run()
