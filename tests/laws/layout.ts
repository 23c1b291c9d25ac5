// Spellings that touch no token: space, line breaks and comments between tokens.

import { type Edit, insertion, type Random, type Syntax, type Token } from './text.ts'

/** Words after which a line break would end a statement or a modifier, and signs before which it would. */
const RESTRICTED =
  /^(return|break|continue|throw|yield|async|static|get|set|accessor|type|interface|declare|abstract|namespace|module|as|satisfies)$/
const BOUND = /^(=>|\+\+|--|!)$/

/** More line breaks, space and comments between tokens. */
export function loosened({ text, tokens }: Syntax, random: Random): Edit[] {
  return tokens.slice(1).flatMap((token, index): Edit[] => {
    const before = tokens[index] as Token
    const mayBreak = !RESTRICTED.test(textOf(text, before)) && !BOUND.test(textOf(text, token))
    if (random() < 0.7) return []
    return [
      insertion(
        token.start,
        random() < 0.5 && mayBreak ? '\n// a comment: "\' */\n' : ' /* a comment // */ ',
      ),
    ]
  })
}

/** No comments, and one space or line break where there was more. */
export function tightened({ text, tokens, comments }: Syntax): Edit[] {
  const first = comments.length > 0 && text.startsWith('#!') ? text.indexOf('\n') : 0
  return tokens.map((token, index): Edit => {
    const start = index === 0 ? first : (tokens[index - 1] as Token).end
    const gap = text.slice(start, token.start)
    return { start, end: token.start, text: /[\n\r\u2028\u2029]/.test(gap) ? '\n' : gap === '' ? '' : ' ' }
  })
}

/** Line breaks as other systems write them, in templates and strings too. */
export function withCarriageReturns({ text }: Syntax): Edit[] {
  return [...text.matchAll(/\r?\n/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    text: '\r\n',
  }))
}

function textOf(text: string, { start, end }: Token): string {
  return text.slice(start, end)
}
