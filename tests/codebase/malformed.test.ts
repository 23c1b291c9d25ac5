// fixtures/malformed: what is refused, with which code, and where. Each file says in its
// head what is expected of it.

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { define, KnownError, type Rejection } from '#codebase'
import { emptyEnvironment } from '../support/environment.ts'

const folder = path.resolve(import.meta.dirname, '../../fixtures/malformed')

/** What the head of a file expects: `code line:column` of each rejection, `warning` before that of a warning. */
function expectations(text: string): string[] {
  const lines = [...text.matchAll(/^\/\/ expect: (.+)$/gm)].map((match) => match[1] ?? '')
  assert.ok(lines.length > 0, 'a file says what is expected of it')
  return lines.filter((line) => line !== 'nothing').sort()
}

interface Refused {
  readonly found: string
  readonly file: unknown
  readonly message: string
  readonly hint: string | undefined
}

/** What is refused in `file`, and what is warned of; a file that does not parse is refused whole. */
async function refusalsOf(file: string): Promise<Refused[]> {
  const request = { files: [path.join(folder, file)], directory: folder, partial: true }
  try {
    const { rejected, warnings } = await define(request, emptyEnvironment())
    return [...rejected.map((each) => refused(each)), ...warnings.map((each) => refused(each, 'warning '))]
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    const { code, message, hint, details } = error
    return [
      { found: `${code} ${details['line']}:${details['column']}`, file: details['file'], message, hint },
    ]
  }
}

function refused({ code, line, column, file, message, hint }: Rejection, prefix = ''): Refused {
  return { found: `${prefix}${code} ${line}:${column}`, file, message, hint }
}

for (const file of readdirSync(folder).sort()) {
  test(`define() of malformed/${file} refuses what its head says`, async () => {
    const text = readFileSync(path.join(folder, file), 'utf8')
    const refusals = await refusalsOf(file)
    assert.equal(refusals.map(({ found }) => found).sort(), expectations(text))
    for (const each of refusals) {
      assert.is(each.file, file)
      assert.match(each.message, /^Cannot |accepted with a doubt/)
      assert.ok(each.hint, `${each.found} says what to do`)
    }
  })
}

test.run()
