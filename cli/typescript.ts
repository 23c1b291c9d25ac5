// TypeScript's checker behind the port of the codebase. The only file that knows the package
// `typescript`: a native process, started when something is checked and ended with it.

import path from 'node:path'
import type { CheckedFiles, TypeChecker, TypeDiagnostic, TypeSearchResult, Unchecked } from '#codebase'
import type { API, Diagnostic, Project, Snapshot } from 'typescript/unstable/sync'
import {
  configure,
  namespaceReader,
  nearestConfiguration,
  type TypeScriptOptions,
} from './typescript-configuration.ts'
import { matchOf, type SearchProgram, searchProgram } from './type-search.ts'

/** A checker whose process starts with each use, and ends with it. */
export function makeTypeChecker(options: TypeScriptOptions): TypeChecker {
  return {
    rules: (files) => rulesFor(files, options),
    check: (files) =>
      attempt({ ...options, read: namespaceReader(files, options) }, (session) =>
        checkedFiles(openProject(session, files, options), files, session.close),
      ),
    search: (search) =>
      attempt(options, (session) => {
        const program = searchProgram(search, options.types)
        session.texts.set(program.file, program.text)
        try {
          return searchIn(openProject(session, [program.file], options), program, options)
        } finally {
          session.close()
        }
      }),
  }
}

/** A checker for the same files again and again: its process stays until it is closed, and knows what has not changed. */
export function residentTypeChecker(options: TypeScriptOptions): TypeChecker & { close(): void } {
  let session: Session | undefined
  let asked = ''
  let declarations: string | undefined
  const close = (): void => session?.close()
  return {
    ...makeTypeChecker(options),
    check: async (files) => {
      const now = JSON.stringify([files, rulesFor(files, options)])
      const declared = options.files.read(path.join(options.types, '#state.json'))
      const isDeclaredAnew = declared !== declarations
      declarations = declared
      if (session && asked === now) {
        const fileChanges = isDeclaredAnew ? ({ invalidateAll: true } as const) : { changed: [...files] }
        const before = session.snapshot
        session.snapshot = session.api.updateSnapshot({ fileChanges })
        before?.dispose()
        return checkedFiles(projectOf(session), files, () => {})
      }
      close()
      asked = now
      return attempt(options, (fresh) => {
        session = fresh
        return checkedFiles(openProject(fresh, files, options), files, () => {})
      })
    },
    close,
  }
}

function rulesFor(files: readonly string[], { directory, files: disk }: TypeScriptOptions): string {
  const nearest = nearestConfiguration(path.dirname(files[0] ?? directory), disk)
  return (nearest && disk.read(nearest)) ?? ''
}

/** A process of TypeScript's, and the files that only it sees. */
interface Session {
  readonly api: API
  readonly texts: Map<string, string>
  snapshot?: Snapshot
  readonly close: () => void
}

/** Starts the checker for `use`, which closes it. */
async function attempt<Result>(
  { directory, read }: TypeScriptOptions & { readonly read?: (file: string) => string | undefined },
  use: (session: Session) => Result,
): Promise<Result | Unchecked> {
  const { API } = await import('typescript/unstable/sync')
  const texts = new Map<string, string>()
  let session: Session | undefined
  try {
    const fs = {
      readFile: (file: string) => texts.get(file) ?? read?.(file),
      fileExists: (file: string) => texts.has(file) || read?.(file) !== undefined || undefined,
    }
    const opened: Session = { api: new API({ cwd: directory, fs }), texts, close: () => end(opened) }
    session = opened
    return use(opened)
  } catch (error) {
    session?.close()
    // TypeScript says by an Error what it lacks: its package for this platform.
    return { unchecked: `TypeScript cannot run: ${(error as Error).message}` }
  }
}

/** Ends the process at once: asked to end, it may tell the terminal that it was interrupted. */
function end({ api, snapshot }: Session): void {
  snapshot?.dispose()
  const { client } = api as unknown as { client?: { channel?: { child?: { kill(signal: string): void } } } }
  client?.channel?.child?.kill('SIGKILL')
  api.close()
}

function openProject(session: Session, files: readonly string[], options: TypeScriptOptions): Project {
  const { api, texts } = session
  const { file, content } = configure((each) => api.parseConfigFile(each).options, files, options)
  texts.set(file, JSON.stringify(content))
  session.snapshot = api.updateSnapshot({ openProjects: [file] })
  return projectOf(session)
}

function projectOf({ snapshot }: Session): Project {
  const project = snapshot?.getProjects()[0]
  if (!project) throw new Error('it opened no project')
  return project
}

function checkedFiles(project: Project, files: readonly string[], close: () => void): CheckedFiles {
  return {
    diagnostics: files.flatMap((file) => diagnosticsOf(project, file)),
    typeAt: (file, start) => typeAt(project, file, start),
    close,
  }
}

/** A package without types is of unknown type, and no error of whoever imports it. */
const UNTYPED_MODULE = 7016
const ERROR = 1

function diagnosticsOf({ program }: Project, file: string): TypeDiagnostic[] {
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    .filter(({ code, category }) => code !== UNTYPED_MODULE && (category as number) === ERROR)
    .map((diagnostic) => ({
      file,
      start: diagnostic.pos,
      code: `TS${diagnostic.code}`,
      text: textOf(diagnostic),
    }))
    .sort((a, b) => a.start - b.start)
}

/** The message and what it follows from, as sentences on one line. */
function textOf({ text, messageChain = [] }: Diagnostic): string {
  return [text, ...messageChain.map(textOf)].join(' ')
}

/** Nothing is left out, and what is not in scope everywhere is written with where it comes from. */
const NO_TRUNCATION = 1
const FULLY_QUALIFIED = 64

function typeAt({ checker }: Project, file: string, start: number): string | undefined {
  const type = checker.getTypeAtPosition(file, start)
  return type && checker.typeToString(type, undefined, NO_TRUNCATION | FULLY_QUALIFIED)
}

function searchIn(project: Project, program: SearchProgram, { files }: TypeScriptOptions): TypeSearchResult {
  const { checker } = project
  const { file, text, range, wanted, candidates } = program
  const [wrong] = diagnosticsOf(project, file).filter(({ start }) => start >= range[0] && start <= range[1])
  if (wrong) return { malformed: `${wrong.code}: ${wrong.text}`, at: wrong.start - range[0] }
  const target = checker.getTypeAtPosition(file, wanted)
  const takesAny = /\bany\b/.test(text.slice(...range))
  const types = checker.getTypeAtPosition(file, candidates)
  return {
    matches: types.map((type, index) => {
      // What is of any stands for everything, and says nothing.
      if (!type || !target || (!takesAny && /\bany\b/.test(files.read(program.modules[index]!) ?? 'any')))
        return 'other'
      return matchOf(checker.isTypeAssignableTo(type, target), () => checker.isTypeAssignableTo(target, type))
    }),
  }
}
