// The files of a suite as both sides see them: tests and their support files rewritten, the
// package's own sources as they are.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { FileSystem } from '#codebase'
import { diskFiles } from '../support/environment.ts'
import { type Profile, profileOf } from './profiles.ts'
import { rewriteSupport } from './rewrite.ts'

export interface Suite {
  readonly name: string
  readonly version: string
  /** Absolute folder of the package. */
  readonly folder: string
  /** Absolute paths of its test files, sorted. */
  readonly files: readonly string[]
}

/** @throws when `repository` is no package, or has no test files */
export function openSuite(repository: string, filters: readonly string[]): Suite {
  const manifest = (folder: string): { name: string; version: string } =>
    JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  const root = path.resolve(repository)
  const profile: Profile = profileOf(manifest(root).name)
  const folder = path.join(root, profile.folder)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => profile.tests.test(file) && !file.includes('node_modules'))
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
    .map((file) => path.join(folder, file))
    .sort()
  if (files.length === 0) throw new Error(`Cannot run a suite: ${folder} has no test files`)
  return { ...manifest(folder), folder, files }
}

/** The disk, with the rewritten texts of `rewritten` in their places. */
export function suiteFiles(suite: Suite, rewritten: ReadonlyMap<string, string>): FileSystem {
  const texts = new Map<string, string | undefined>()
  return {
    ...diskFiles,
    isFile: (file) => rewritten.has(file) || diskFiles.isFile(file),
    realpath: (file) => (rewritten.has(file) ? file : diskFiles.realpath(file)),
    read(file) {
      const own = rewritten.get(file)
      if (own !== undefined) return own
      if (!texts.has(file)) texts.set(file, readSupport(suite, file))
      return texts.get(file)
    },
  }
}

function readSupport(suite: Suite, file: string): string | undefined {
  const text = diskFiles.read(file)
  const isSupport = text !== undefined && file.startsWith(suite.folder) && /\.[jt]s$/.test(file)
  return isSupport && !file.includes('node_modules') ? rewriteSupport(file, text) : text
}

/** The file that a relative specifier means, extensions being left out in TypeScript. */
export function resolveFile(specifier: string, from: string): string | undefined {
  const base = path.resolve(path.dirname(from), specifier)
  const candidates = ['', '.ts', '.js', '/index.ts', '/index.js'].map((ending) => base + ending)
  if (base.endsWith('.js')) candidates.push(base.replace(/\.js$/, '.ts'))
  return candidates.find((file) => existsSync(file) && statSync(file).isFile())
}
