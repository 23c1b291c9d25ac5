// The cases of a suite in Node itself, in a process of their own, on the package's original
// modules: `node in-node.ts FOLDER` reads lines of JSON [file, text] and answers with results.

import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { openSuite, resolveFile, suiteFiles } from './files.ts'
import { withTypeImports } from './type-imports.ts'

const rewritten = new Map<string, string>()
const suite = openSuite(process.argv[2] as string, [])
const files = suiteFiles(suite, rewritten)

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('/')) return { url: pathToFileURL(specifier).href, shortCircuit: true }
    const from = context.parentURL?.startsWith('file:') && fileURLToPath(context.parentURL)
    if (!from || !specifier.startsWith('.') || !from.startsWith(suite.folder)) return next(specifier, context)
    const file = resolveFile(specifier, from)
    if (!file) return next(specifier, context)
    // Each test file has modules of its own, as with the runners that these suites are written for.
    const { search } = new URL(context.parentURL as string)
    return { url: pathToFileURL(file).href + search, shortCircuit: true }
  },
  load(url, context, next) {
    const file = url.startsWith('file:') ? fileURLToPath(url) : ''
    if (!file.startsWith(suite.folder) || !/\.[jt]s$/.test(file)) return next(url, context)
    const source = files.read(file) ?? readFileSync(file, 'utf8')
    return file.endsWith('.ts')
      ? { format: 'module-typescript', source: withTypeImports(file, source), shortCircuit: true }
      : { format: 'module', source, shortCircuit: true }
  },
})

// What a case leaves behind is not its result, here as in the sandbox.
process.on('uncaughtException', () => {})
process.on('unhandledRejection', () => {})

let count = 0
for await (const line of createInterface({ input: process.stdin })) {
  const [file, text] = JSON.parse(line) as [string, string]
  rewritten.set(file, text)
  let answer: unknown
  try {
    const { $suite } = (await import(`${pathToFileURL(file).href}?${count++}`)) as {
      $suite: () => Promise<unknown>
    }
    answer = await $suite()
  } catch (error) {
    answer = String(error)
  }
  process.stdout.write(`\u0000${JSON.stringify(answer)}\n`)
}
