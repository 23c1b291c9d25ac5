// The largest packages, whole: what of them is accepted, and what the rest is refused for.

import { test } from 'uvu'
import { testPackages } from '../support/packages.ts'

testPackages({
  'date-fns': {
    accepted: 3470,
    refused: [
      '_lib.defaultOptions.setDefaultOptions',
      'constructNow',
      'endOfToday',
      'intlFormat',
      'intlFormatDistance',
      'isFuture',
      'isMatch',
      'isPast',
      'startOfToday',
    ],
  },
  'fp-ts': {
    accepted: 3458,
    refused: ['es6.Date.create', 'es6.Date.now', 'es6.Random.random', 'es6.Task.delay'],
  },
  'lodash-es': {
    accepted: 1045,
    refused: [
      '_LazyWrapper.LazyWrapper',
      '_baseDelay.baseDelay',
      '_baseRandom.nativeRandom',
      '_setData.setData',
      '_setToString.setToString',
      '_shortOut.nativeNow',
      'debounce',
      'lodash',
      'now',
      'random.nativeRandom',
      'template',
      'uniqueId',
    ],
  },
  mathjs: {
    accepted: 2928,
    refused: [
      'createPartitionSelect',
      'lib.esm.function.matrix.eigs.complexEigs.createComplexEigs',
      'lib.esm.function.probability.util.seededRNG.singletonRandom',
      'lib.esm.utils.string.compareText',
      'seedrandom',
      'seedrandom.autoseed',
      'seedrandom.pool',
    ],
  },
})

test.run()
