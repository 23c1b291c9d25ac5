// The figures of the executor, part by part. Peers that only these need are in fixtures/peers.

import { benchCalls } from './executor/calls.ts'
import { benchCold } from './executor/cold.ts'
import { benchKernels } from './executor/kernels.ts'
import { benchMemos } from './executor/memos.ts'
import { benchOperations } from './executor/operations.ts'
import { benchPool } from './executor/pool.ts'
import { benchResting } from './executor/resting.ts'
import { benchValues } from './executor/values.ts'

export const executorParts = {
  'executor-resting': benchResting, // before what leaves memory behind
  'executor-calls': benchCalls,
  'executor-pool': benchPool,
  'executor-cold': benchCold,
  'executor-operations': benchOperations,
  'executor-kernels': benchKernels,
  'executor-memos': benchMemos,
  'executor-values': benchValues,
}
