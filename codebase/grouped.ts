// Statements as they are executed one after the other, so that nothing depends on braces
// that only group.

import type { EsNode } from './estree.ts'

/** What the statements do, through braces that only group; directives and empty ones do nothing. */
export function doingStatements(statements: readonly EsNode[]): EsNode[] {
  return statements.flatMap((statement) => {
    if (statement.type === 'BlockStatement') return doingStatements(statement['body'])
    const isNothing = /^(Empty|Debugger)Statement$/.test(statement.type)
    return isNothing || typeof statement['directive'] === 'string' ? [] : [statement]
  })
}
