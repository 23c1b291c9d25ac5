// A checker whose process stays, for the figure of a watcher: the same file again and again, in a
// codebase that does not change.

import type { CheckedFiles, TypeChecker } from '#codebase'
import type { Project, Snapshot } from 'typescript/unstable/sync'
import { namespaceReader, type TypeScriptOptions } from '../../cli/typescript-configuration.ts'
import { attempt, openProject, projectOf, type Session } from '../../cli/typescript-process.ts'

export function residentTypeChecker(
  options: TypeScriptOptions,
): Pick<TypeChecker, 'check'> & { close(): void } {
  let session: Session | undefined
  let snapshot: Snapshot | undefined
  const checked = ({ program }: Project, files: readonly string[]): CheckedFiles => ({
    diagnostics: files.flatMap((file) =>
      [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
        ({ pos, code, text }) => ({ file, start: pos, code: `TS${code}`, text }),
      ),
    ),
    typeAt: () => undefined,
    close: () => {},
  })
  const check: TypeChecker['check'] = async (files) => {
    if (session) {
      const before = snapshot
      snapshot = session.api.updateSnapshot({ fileChanges: { changed: [...files] } })
      before?.dispose()
      return checked(projectOf(snapshot), files)
    }
    const reading = { disk: options.files, shown: namespaceReader(files, options) }
    return attempt(options, reading, (fresh) => {
      session = fresh
      return checked(openProject(fresh, files, options), files)
    })
  }
  return { check, close: () => session?.close() }
}
