// What a package's declaration files say about the parameters of its functions: enough to guess which
// kinds of arguments they take, read by the shape of the text.

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Kind } from './arguments.ts'
import { PACKAGES } from './original.ts'

/** Types of the parameters of each overload, and of the function that comes out, and so on. */
export type Signatures = readonly (readonly (readonly string[])[])[]

const MOST_FILES = 700
const MOST_BYTES = 400_000
/** Declarations besides those of the package's own functions. */
const IGNORED = /locale|\/fp\/|node_modules\/.*node_modules|\.d\.cts$/

const read = new Map<string, string>()

/** The text of all declaration files of a package. */
function declarationsOf(name: string): string {
  const known = read.get(name)
  if (known !== undefined) return known
  const folder = path.join(PACKAGES, 'node_modules', name)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.d\.m?ts$/.test(file) && !IGNORED.test(`/${file}`))
    .sort()
    .slice(0, MOST_FILES)
  const text = files
    .map((file) => readFileSync(path.join(folder, file), 'utf8').slice(0, MOST_BYTES))
    .join('\n')
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
  read.set(name, text)
  return text
}

/** The signatures that the package of `module` declares for `name`, wherever that is. */
export function signaturesOf(module: string, name: string): Signatures {
  const [, own = module] = /^((?:@[^/]+\/)?[^/]+)/.exec(module) ?? []
  const text = declarationsOf(own)
  const found: (readonly string[])[][] = []
  const pattern = new RegExp(`\\b(?:function|const|let|var)\\s+${RegExp.escape(name)}\\b\\s*:?`, 'g')
  for (const match of text.matchAll(pattern)) {
    const levels = levelsAt(text, match.index + match[0].length)
    if (levels.length > 0) found.push(levels)
    if (found.length > 8) break
  }
  return found
}

/** The parameter lists that follow each other from `at`: `<A>(f: …) => (fa: …) => …`. */
function levelsAt(text: string, at: number): (readonly string[])[] {
  const levels: (readonly string[])[] = []
  for (let from = at; levels.length < 4; ) {
    const start = skipGenerics(text, from)
    if (text[start] !== '(') break
    const end = closing(text, start)
    levels.push(splitTop(text.slice(start + 1, end - 1)).map(typeOf))
    const next = /^\s*(?:=>|:)\s*/.exec(text.slice(end, end + 40))
    if (!next) break
    from = end + next[0].length
  }
  return levels
}

function skipGenerics(text: string, at: number): number {
  const start = at + (/^\s*/.exec(text.slice(at, at + 200))?.[0].length ?? 0)
  const end = text[start] === '<' ? closing(text, start) : start
  return end + (/^\s*/.exec(text.slice(end, end + 200))?.[0].length ?? 0)
}

/** The offset after the bracket that closes the one at `at`; an arrow closes none. */
function closing(text: string, at: number): number {
  let depth = 0
  for (let place = at; place < Math.min(text.length, at + 4000); place++) {
    const char = text[place] as string
    if ('([{<'.includes(char)) depth++
    else if (')]}'.includes(char) || (char === '>' && text[place - 1] !== '=')) depth--
    if (depth === 0) return place + 1
  }
  return at + 1
}

function splitTop(text: string): string[] {
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < text.length; at++) {
    if ('([{<'.includes(text[at] as string)) at = closing(text, at) - 1
    else if (text[at] === ',') {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, text.slice(from)].filter((part) => part.trim() !== '')
}

/** `name?: type` → `type`. */
const typeOf = (parameter: string): string => parameter.replace(/^[^:]*?\??\s*:\s*/s, '').trim()

const TYPES: readonly (readonly [RegExp, readonly Kind[]])[] = [
  [/^(Lazy<|\(\)\s*=>)/, ['fn0', 'io', 'ioEither']],
  [/=>\s*(boolean|\w+ is )|Predicate|Refinement/, ['test']],
  [/^\(?\(?\w+[^,]*,[^,]*,.*=>/s, ['fn3', 'fn2', 'fn1']],
  [/Comparator|^\(?\(?\w+: (\w+), \w+: \1\) => number/, ['compare', 'fn2']],
  [/^\(?\(?\w+[^,]*,.*=>/s, ['fn2', 'fn1']],
  [/=>\s*(\w+\.)?(Option|Either|IO|Task|State|Reader|These)|Kind</, ['lift']],
  [/=>|Function|Func|Iteratee/, ['fn1', 'test', 'lift', 'fn2']],
  [/TaskEither|TaskOption/, ['taskEither']],
  [/Task/, ['taskOf', 'taskEither']],
  [/(IOEither|IOOption)/, ['ioEither']],
  [/^(\w+\.)?IO</, ['io', 'ioEither']],
  [/Promise/, ['promise', 'promises']],
  [/Option<.*\[\]|Array<.*Option</, ['options']],
  [/Either<.*\[\]|Array<.*Either</, ['eithers']],
  [/Option</, ['some', 'none']],
  [/Either<|Separated</, ['left', 'right']],
  [/These</, ['these', 'left', 'right']],
  [/^(\w+\.)?(Tree|Forest)</, ['tree']],
  [
    /^(\w+\.)?(Eq|Ord|Monoid|Semigroup|Show|Functor|Applicative|Monad|Chain|Apply|Magma|Ring|Field|Bounded)/,
    ['instances'],
  ],
  [/(Interval)/, ['interval']],
  [/Duration/, ['duration']],
  [/\bDate|DateArg/, ['date', 'date', 'time']],
  [/RegExp/, ['regexp', 'text']],
  [/Uint8Array|TypedArray|TArg/, ['bytes']],
  [/^(Readonly)?Map</, ['map']],
  [/^(Readonly)?Set</, ['set']],
  [/\[\s*\w+,|\[number, number\]|\[string, /, ['pairs', 'points']],
  [/\[\]\[\]|Array<.*(Array<|\[\])/, ['lists', 'points', 'square']],
  [/(number|bigint).*\[\]|Array<number>|ArrayLike<number>/, ['ints', 'samples', 'sorted', 'floats']],
  [/string\[\]|Array<string>/, ['texts', 'keys']],
  [/\[\]|Array|Iterable|List|Sequence/, ['ints', 'records', 'texts', 'mixed', 'sorted', 'samples']],
  [/^(number|Numeric)/, ['int', 'small', 'float', 'fraction']],
  [/^string/, ['text', 'key', 'digits']],
  [/^boolean/, ['bool']],
  [/^bigint/, ['bigint']],
  [/PropertyKey|keyof|^K$/, ['key']],
  [/PropertyPath|Path/, ['path', 'keys']],
  [/Options|Opts/, ['undefined', 'empty']],
  [/Record|object|^\{|Obj/, ['record', 'counts', 'nested']],
  [/^(T|A|B|E|R|S|unknown|any|I)\b/, ['int', 'text', 'record', 'ints', 'small']],
]

/** Kinds that a type speaks for; none when it says nothing. */
export function kindsOfType(type: string): readonly Kind[] {
  return TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? []
}
