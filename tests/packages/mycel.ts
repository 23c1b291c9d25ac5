// The other side: the same functions from hash to sandbox. Each has a definition of its own that
// probes it; every call starts from the image of a program that holds a few of them.

import path from 'node:path'
import {
  define,
  encodeValue,
  decodeValue,
  type FileSystem,
  type Hash,
  type ObjectSource,
  type Reference,
  referenceText,
  type Value,
  valueFromJson,
} from '#codebase'
import { loadClosure } from '../../executor/closure.ts'
import { generate } from '../../executor/generate.ts'
import type { Image } from '../../executor/image.ts'
import { EXECUTOR_LIMITS } from '../../executor/limits.ts'
import type { CallBounds, Sandbox } from '../../executor/sandbox.ts'
import { bootedImage, makeSandbox } from '../executor/sandboxes.ts'
import { diskFiles, emptyEnvironment } from '../support/environment.ts'
import { PACKAGES } from './original.ts'
import type { Steps } from './search.ts'

/** A function of a package: what a module exports under a name. */
export interface Subject {
  readonly module: string
  readonly name: string
}

/** Probes of subjects: those that are accepted, and why the others are not. */
export interface Probes {
  readonly references: ReadonlyMap<Subject, Reference>
  readonly refused: ReadonlyMap<Subject, string>
  readonly objects: ObjectSource
}

const PROBES_FILE = path.join(PACKAGES, 'probes.js')

/** Defines a probe of each subject; `tools` are exports that arguments are made with. */
export async function defineProbes(subjects: readonly Subject[], tools: readonly Subject[]): Promise<Probes> {
  const text = probesText(subjects, tools)
  const fileSystem: FileSystem = {
    ...diskFiles,
    read: (file) => (file === PROBES_FILE ? text : diskFiles.read(file)),
    isFile: (file) => file === PROBES_FILE || diskFiles.isFile(file),
    realpath: (file) => (file === PROBES_FILE ? file : diskFiles.realpath(file)),
  }
  const request = { files: [PROBES_FILE], directory: PACKAGES, partial: true }
  const { definitions, rejected, objects } = await define(request, { ...emptyEnvironment(), fileSystem })
  const named = new Map(definitions.map(({ name, reference }) => [name, reference]))
  const reasons = new Map(rejected.map(({ name, message }) => [name, message]))
  const references = new Map<Subject, Reference>()
  const refused = new Map<Subject, string>()
  subjects.forEach((subject, index) => {
    const reference = named.get(`probe${index}`)
    if (reference) references.set(subject, reference)
    else refused.set(subject, reasons.get(`probe${index}`) ?? 'it is not there')
  })
  return { references, refused, objects: { get: async (hash: Hash) => objects.get(hash) } }
}

function probesText(subjects: readonly Subject[], tools: readonly Subject[]): string {
  const imported = (subject: Subject, local: string): string =>
    `import { ${subject.name} as ${local} } from '${subject.module}'`
  return [
    `import { probe } from '../../tests/packages/driver/probe.js'`,
    ...tools.map((tool) => imported(tool, `tool_${tool.name}`)),
    `const tools = { ${tools.map(({ name }) => `${name}: tool_${name}`).join(', ')} }`,
    ...subjects.map((subject, index) => imported(subject, `subject${index}`)),
    ...subjects.map(
      (_, index) => `export const probe${index} = (steps) => probe(subject${index}, steps, tools)`,
    ),
  ].join('\n')
}

/** Far more than any call here needs that ends at all. */
const BOUNDS: CallBounds = { fuel: 5_000_000, memoryBytes: 64 * 1024 * 1024, outputBytes: 4 * 1024 * 1024 }

/** What a call came to: what the probe shows, a failure that the probe did not catch, or the limit that it met. */
export type Called = { readonly shown: Value } | { readonly problem: string } | { readonly limit: string }

export interface LoadedProbes {
  call(subject: Subject, steps: Steps): Called
}

let sandbox: Sandbox | undefined

/** Loads the program of a few probes. */
export async function loadProbes(probes: Probes, subjects: readonly Subject[]): Promise<LoadedProbes> {
  const references = subjects.map((subject) => probes.references.get(subject) as Reference)
  const closure = await loadClosure(references, probes.objects, { bounds: EXECUTOR_LIMITS })
  sandbox ??= makeSandbox()
  sandbox.restore(bootedImage())
  const bounds = { ...BOUNDS, fuel: 2_000_000_000 }
  const reply = sandbox.load(generate(closure).text, bounds)
  if (!('text' in reply) || reply.text !== 'v')
    throw new Error(`${subjects.map(({ name }) => name).join(', ')}: ${JSON.stringify(reply).slice(0, 500)}`)
  const image = sandbox.snapshot()
  return {
    call: (subject, steps) =>
      callIn(image, referenceText(probes.references.get(subject) as Reference), JSON.stringify([steps])),
  }
}

function callIn(image: Image, reference: string, args: string): Called {
  if (!sandbox?.isReusable) sandbox = makeSandbox()
  sandbox.restore(image)
  const reply = sandbox.call('start', [reference, args], BOUNDS)
  if ('stop' in reply) return { limit: reply.stop }
  if ('fault' in reply) return { problem: reply.fault }
  if (reply.value) return { shown: decodeValue(reply.value) }
  if (reply.text === 's') return { limit: 'stack' }
  const content: unknown = JSON.parse(reply.text.slice(1))
  if (reply.text[0] === 'v') return { shown: valueFromJson(content as never) }
  const { name, message } = content as { name: string; message: string }
  return name === 'NeverSettled' ? { shown: ['never settles'] } : { problem: `${name}: ${message}` }
}

/** Canonical bytes of what a probe shows. */
export const bytesOf = (shown: unknown): Uint8Array => encodeValue(shown as Value)
