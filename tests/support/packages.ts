// Whole packages of fixtures/packages, and what of each is to be accepted.

import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { define, type DefineResult } from '#codebase'
import { emptyEnvironment } from './environment.ts'

const directory = path.resolve(import.meta.dirname, '../../fixtures/packages')

/** What is expected of one package. */
export interface Expected {
  /** How many definitions go in. */
  readonly accepted: number
  /** Own names of those that are refused for a reason of their own, or files, in ascending order. */
  readonly refused: readonly string[]
}

export function definePackages(names: readonly string[]): Promise<DefineResult> {
  const files = names.map((name) => `npm:${name}`)
  return define({ files, directory, partial: true }, emptyEnvironment())
}

/** One test for each package of the table. */
export function testPackages(packages: Readonly<Record<string, Expected>>): void {
  for (const [name, expected] of Object.entries(packages)) {
    test(`npm:${name} is accepted as a whole, but for what each refusal says`, async () => {
      checkPackages(await definePackages([name]), expected)
    })
  }
}

export function checkPackages({ definitions, rejected }: DefineResult, expected: Expected): void {
  const own = rejected.filter(({ code }) => code !== 'depends-on-rejected')
  const names = own.map(({ name, file }) => (name === file ? name : name.replace(/^lib\..*?@[\w-]+\./, '')))
  assert.equal([...new Set(names)].sort(), expected.refused)
  assert.is(definitions.length, expected.accepted)
  for (const { file, line, column, message, hint } of rejected) {
    assert.ok(file.startsWith('node_modules/') && line > 0 && column > 0, file)
    assert.ok(message.length > 10 && hint.length > 10)
  }
  for (const { source, member } of definitions) assert.ok(source.text.length > 0 && member)
}
