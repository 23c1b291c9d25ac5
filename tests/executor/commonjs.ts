// CommonJS packages two ways: required by Node, and taken in and run in the sandbox.

import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { define, type Reference } from '#codebase'
import type { Executor } from '#executor'
import { diskFiles, emptyEnvironment } from '../support/environment.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { makeExecutor } from './executors.ts'

/** Files below a package's folder, by path. */
export type PackageFiles = Readonly<Record<string, string>>

/** A folder in which `files` is the installed package `kit`. */
export function installed(files: PackageFiles): string {
  const directory = temporaryFolder()
  const manifest = { 'package.json': JSON.stringify({ name: 'kit', version: '1.0.0' }) }
  for (const [file, text] of Object.entries({ ...manifest, ...files })) {
    const target = path.join(directory, 'node_modules/kit', file)
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, text)
  }
  return directory
}

/** What `uses`, expressions over `kit`, say of a package that Node requires; errors by class and message. */
export function inNode(directory: string, specifier: string, uses: readonly string[]): unknown[] {
  const required: unknown = createRequire(path.join(directory, 'main.cjs'))(specifier)
  return uses.map((use) => {
    // oxlint-disable-next-line typescript/no-implied-eval -- the same text as in the sandbox
    const used = new Function('kit', `return ${use}`) as (kit: unknown) => unknown
    try {
      return used(required)
    } catch (error) {
      return { thrown: (error as Error).name, message: (error as Error).message }
    }
  })
}

/** What `uses` say of a package that is imported as `kit` by `clause`, in the sandbox. */
export async function inSandbox(
  directory: string,
  clause: string,
  uses: readonly string[],
): Promise<unknown[]> {
  const main = path.join(directory, 'main.mjs')
  const text = [`import ${clause}`, ...uses.map((use, i) => `export const use${i} = () => ${use}`)].join('\n')
  const fileSystem = {
    ...diskFiles,
    read: (file: string) => (file === main ? text : diskFiles.read(file)),
    isFile: (file: string) => file === main || diskFiles.isFile(file),
    realpath: (file: string) => (file === main ? main : diskFiles.realpath(file)),
  }
  const environment = { ...emptyEnvironment(), fileSystem }
  const { definitions, rejected, objects } = await define(
    { files: [main], directory, partial: true },
    environment,
  )
  const executor = makeExecutor(objects)
  const said: unknown[] = []
  for (const i of uses.keys()) {
    const found = definitions.find(({ name }) => name === `use${i}`)
    said.push(
      found ? await resultOf(executor, found.reference) : { refused: rejected.map(({ message }) => message) },
    )
  }
  return said
}

async function resultOf(executor: Executor, reference: Reference): Promise<unknown> {
  const { outcome } = await executor.run({ reference, args: [], allow: [] })
  if (outcome.kind === 'value') return outcome.value
  return outcome.kind === 'failure' ? { thrown: outcome.error.name, message: outcome.error.message } : outcome
}
