// The types that JSDoc gives to what has no annotations.

import { commentsUpTo, type SourceFile } from './source.ts'

export interface Documentation {
  readonly params: ReadonlyMap<string, { readonly type: string; readonly isOptional: boolean }>
  readonly returns?: string
  readonly type?: string
}

/** The types in the JSDoc comment that ends right before `start`. */
export function documentationBefore(source: SourceFile, start: number): Documentation {
  const { comments, text } = source
  const comment = comments[commentsUpTo(source, start) - 1]
  const params = new Map<string, { type: string; isOptional: boolean }>()
  if (!comment?.value.startsWith('*') || text.slice(comment.end, start).trim() !== '') return { params }
  for (const [, type = '', open, name = ''] of comment.value.matchAll(
    /@param\s+\{([^\n]*?)\}\s+(\[?)([\w$]+)(?![\w$.[])/g,
  )) {
    params.set(name, { type: plainType(type), isOptional: open === '[' || type.endsWith('=') })
  }
  const returns = /@returns?\s+\{([^\n]*?)\}(?=[\s*])/.exec(comment.value)?.[1]
  const type = /@type\s+\{([^\n]*?)\}(?=[\s*])/.exec(comment.value)?.[1]
  return { params, ...(returns && { returns: plainType(returns) }), ...(type && { type: plainType(type) }) }
}

/** JSDoc's `Array<number>=` as TypeScript writes it. */
function plainType(type: string): string {
  return type
    .replace(/^\.\.\.|=$/g, '')
    .replaceAll(/\bArray<([\w.]+)>/g, '$1[]')
    .replaceAll(/\bArray\.<([\w.]+)>/g, '$1[]')
    .trim()
}
