// TypeScript's checker behind the port of the codebase: a native process, started when something
// is checked and ended with it. Beside typescript-process.ts the only file that knows `typescript`.

import path from 'node:path'
import type { CheckedFiles, TypeChecker, TypeDiagnostic, TypeSearchResult } from '#codebase'
import type { Diagnostic, Project } from 'typescript/unstable/sync'
import { namespaceReader, nearestConfiguration, type TypeScriptOptions } from './typescript-configuration.ts'
import { attempt, isAlive, openProject, type Session } from './typescript-process.ts'
import { matchOf, type SearchProgram, searchProgram } from './type-search.ts'

/** A checker whose process starts with each use, and ends with it. */
export function makeTypeChecker(options: TypeScriptOptions): TypeChecker {
  return {
    rules: (files) => rulesFor(files, options),
    check: (files, disk = options.files) => {
      const read = { ...options, files: disk }
      return attempt(options, { disk, shown: namespaceReader(files, read) }, (session) =>
        checkedFiles(session, openProject(session, files, read), files),
      )
    },
    search: (search) =>
      attempt(options, { disk: options.files }, (session) => {
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

function rulesFor(files: readonly string[], { directory, files: disk }: TypeScriptOptions): string {
  const nearest = nearestConfiguration(path.dirname(files[0] ?? directory), disk)
  return (nearest && disk.read(nearest)) ?? ''
}

function checkedFiles(session: Session, project: Project, files: readonly string[]): CheckedFiles {
  return {
    diagnostics: files.flatMap((file) => diagnosticsOf(project, file)),
    typeAt: (file, start) => (isAlive(session) ? typeAt(project, file, start) : undefined),
    close: session.close,
  }
}

/** A package without types is of unknown type, and no error of whoever imports it; nor is what is unknown in its wake. */
const UNTYPED_MODULE = 7016
const ERROR = 1

function diagnosticsOf({ program }: Project, file: string): TypeDiagnostic[] {
  const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
  const isUntyped = found.some(({ code }) => code === UNTYPED_MODULE)
  return found
    .filter(({ category }) => (category as number) === ERROR)
    .filter((diagnostic) => !isUntyped || !isImplicit(diagnostic))
    .map((diagnostic) => ({
      file,
      start: diagnostic.pos,
      code: `TS${diagnostic.code}`,
      text: textOf(diagnostic),
    }))
    .sort((a, b) => a.start - b.start)
}

/** Whether it is what `noImplicitAny` alone forbids, packages without types included. */
function isImplicit({ code, text }: Diagnostic): boolean {
  return code >= 7000 && code < 7100 && /\bimplicitly\b/.test(text)
}

/** The message and what it follows from, as sentences on one line. */
function textOf({ text, messageChain = [] }: Diagnostic): string {
  return [text, ...messageChain.map(textOf)].join(' ')
}

/** Nothing is left out, and what is not in scope everywhere is written with where it comes from. */
const NO_TRUNCATION = 1
const FULLY_QUALIFIED = 64

/** Undefined also when the process dies over it: a signature then shows what is annotated. */
function typeAt({ checker }: Project, file: string, start: number): string | undefined {
  try {
    const type = checker.getTypeAtPosition(file, start)
    return type && checker.typeToString(type, undefined, NO_TRUNCATION | FULLY_QUALIFIED)
  } catch {
    return undefined
  }
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
