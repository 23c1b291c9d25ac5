// Whole real packages: what of them is accepted, and what the rest is refused for.

import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { define } from '#codebase'
import { emptyEnvironment } from '../support/environment.ts'

const directory = path.resolve(import.meta.dirname, '../..')

/** Package → definitions that go in, and the only ones refused for a reason of their own. */
const PACKAGES: Readonly<Record<string, { readonly accepted: number; readonly refused: readonly string[] }>> =
  {
    'just-compare': { accepted: 5, refused: [] },
    'd3-array': { accepted: 113, refused: ['shuffle'] },
    radash: {
      accepted: 85,
      refused: ['debounce', 'dist.esm.curry.memoize', 'random', 'shuffle', 'sleep', 'throttle'],
    },
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
    'simple-statistics': {
      accepted: 126,
      refused: ['kMeansCluster', 'sampleWithReplacement', 'shuffleInPlace'],
    },
    'date-fns': {
      accepted: 394,
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
  }

for (const [name, { accepted, refused }] of Object.entries(PACKAGES)) {
  test(`npm:${name} is accepted but for what tells the time, waits, or takes chances`, async () => {
    const result = await define({ files: [`npm:${name}`], directory, partial: true }, emptyEnvironment())
    assert.is(result.definitions.length, accepted)
    const own = result.rejected.filter(({ code }) => code !== 'depends-on-rejected')
    const names = own.map((rejection) => rejection.name.replace(/^lib\..*?@[\d_]+\./, ''))
    assert.equal([...new Set(names)].sort(), refused)
    for (const { file, line, column, message, hint } of result.rejected) {
      assert.ok(file.startsWith('node_modules/') && line > 0 && column > 0, file)
      assert.ok(message.length > 10 && hint.length > 10)
    }
    for (const { source, member } of result.definitions) assert.ok(source.text.length > 0 && member)
  })
}

test.run()
