// Whole real packages: what of them is accepted, and what the rest is refused for.

import { readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import { checkPackages, definePackages, testPackages } from '../support/packages.ts'

test('the packages just-* are accepted but for what tells the time, waits, or takes chances', async () => {
  const folder = path.resolve(import.meta.dirname, '../../fixtures/packages/node_modules')
  const names = readdirSync(folder).filter((name) => name.startsWith('just-'))
  checkPackages(await definePackages(names), {
    accepted: 172,
    refused: ['debounce', 'random', 'shuffle', 'throttle'],
  })
})

testPackages({
  'd3-array': { accepted: 113, refused: ['shuffle'] },
  remeda: {
    accepted: 415,
    refused: [
      'debounce',
      'dist.randomBigInt.random',
      'dist.randomString.randomStringImplementation',
      'dist.sample.sampleImplementation',
      'dist.shuffle.shuffleImplementation',
      'funnel',
      'randomInteger',
    ],
  },
  radash: {
    accepted: 85,
    refused: ['debounce', 'dist.esm.curry.memoize', 'random', 'shuffle', 'sleep', 'throttle'],
  },
  'simple-statistics': {
    accepted: 126,
    refused: ['kMeansCluster', 'sampleWithReplacement', 'shuffleInPlace'],
  },
  ramda: { accepted: 428, refused: [] },
  'es-toolkit': {
    accepted: 913,
    refused: [
      'debounce',
      'delay',
      'dist.compat._internal.unicodeSize.unicodeSize',
      'dist.compat.function.debounce.debounce',
      'dist.compat.function.defer.defer',
      'dist.compat.function.delay.delay',
      'dist.compat.string.template.template',
      'dist.compat.util.now.now',
      'dist.compat.util.uniqueId.uniqueId',
      'dist.server.exec.exec',
      'dist.server.exec.parseAbortSignal',
      'dist.server.exec.streamToString',
      'isBlob',
      'isFile',
      'random',
      'sample',
      'shuffle',
      'throttle',
      'timeout',
      'withTimeout',
    ],
  },
  '@noble/hashes': {
    accepted: 301,
    refused: [
      'argon2.argon2Async',
      'node_modules/@noble/hashes/index.js',
      'utils.asyncLoop',
      'utils.nextTick',
    ],
  },
  semver: { accepted: 119, refused: [] },
  mnemonist: { accepted: 184, refused: [] },
  picomatch: { accepted: 107, refused: [] },
  'hash.js': { accepted: 105, refused: [] },
  'javascript-natural-sort': { accepted: 1, refused: [] },
  'tiny-emitter': { accepted: 1, refused: [] },
  'escape-latex': { accepted: 5, refused: [] },
})

test.run()
