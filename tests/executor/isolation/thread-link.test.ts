import { test } from 'uvu'
import { startThread } from '../../../executor/isolation/thread-link.ts'
import { testWorkerLink } from '../../contracts/worker-link.ts'

testWorkerLink('a thread', startThread)

test.run()
