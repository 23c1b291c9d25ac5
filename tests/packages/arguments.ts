// Kinds of arguments, and descriptions of arguments of a kind (driver/probe.js builds them).
// Numbers are small: what takes one as a count must end.

import type { Random } from './random.ts'

/** Plain data: a primitive stands for itself, an array is `[kind, …]`. */
export type Description = string | number | boolean | null | readonly Description[]

const LETTERS = ['a', 'b', 'c', 'd', 'e']
const TEXTS = [
  '',
  'a',
  'abc',
  'Hello World',
  'foo-bar_baz',
  ' x ',
  'été',
  '😀b',
  'a,b;c',
  'fooBar',
  '12',
  '3.5',
]
const DATES = [0, 951782400000, 1709164800000, 1704067199999, 1719835200000, -86400000, 1735689600000]
const FORMATS = ['yyyy-MM-dd', "EEEE, do 'of' MMMM", 'HH:mm:ss.SSS', 'PPpp', 'R-II-i', 'Q qqq']
const ISO = ['2024-02-29', '2024-02-29T12:30:45.123Z', '2023-12-31T23:59:59+02:00', '2020-W53-7', 'never']

const list = (random: Random, make: () => Description, most = 5): Description => [
  'array',
  ...Array.from({ length: random.below(most + 1) }, make),
]
const int = (random: Random): number => random.below(16) - 3
const float = (random: Random): number => random.pick([0.5, -1.25, 2.75, 1e-3, 1234.5678, 0.1, 3, -7, 10])
const record = (random: Random): Description => [
  'object',
  ['a', int(random)],
  ['b', random.pick(TEXTS)],
  ['c', list(random, () => int(random), 3)],
]
const NONE: Description = ['object', ['_tag', 'None']]
const option = (random: Random): Description => ['object', ['_tag', 'Some'], ['value', int(random)]]
const left = (random: Random): Description => ['object', ['_tag', 'Left'], ['left', random.pick(TEXTS)]]
const right = (random: Random): Description => ['object', ['_tag', 'Right'], ['right', int(random)]]
const either = (random: Random): Description => (random() < 0.5 ? left(random) : right(random))
const callback = (name: string): Description => ['function', name]
const scalar = (random: Random): Description =>
  random.pick<Description>([
    int(random),
    random.pick(TEXTS),
    true,
    null,
    ['undefined'],
    ['number', 'NaN'],
    ['number', '-0'],
  ])

/** How to describe an argument of each kind. */
const MAKERS = {
  int,
  small: (random) => random.below(5),
  float: (random) => float(random),
  fraction: (random) => random.pick([0, 0.1, 0.25, 0.5, 0.75, 1]),
  odd: (random) =>
    random.pick<Description>([['number', 'NaN'], ['number', '-0'], ['number', '-Infinity'], 4294967296, -1]),
  text: (random) => random.pick(TEXTS),
  key: (random) => random.pick(LETTERS),
  path: (random) => random.pick<Description>(['a.b', 'c[0]', ['array', 'c', 0], ['array', 'a'], 'b.length']),
  digits: (random) => random.pick(['12', '3.5', '-7', '0', '1e3', '0x1f', '12px']),
  bool: (random) => random() < 0.5,
  null: () => null,
  undefined: () => ['undefined'],
  bigint: (random) => ['bigint', `${int(random) * 1000}`],
  symbol: () => ['symbol', 'mark'],
  ints: (random) => list(random, () => int(random), 7),
  floats: (random) => list(random, () => float(random), 7),
  samples: (random) => ['array', ...Array.from({ length: 4 + random.below(4) }, () => float(random) * 3)],
  three: (random) => ['array', int(random), int(random) + 1, int(random) * 2],
  sorted: (random) => ['array', ...Array.from({ length: 5 }, () => int(random)).sort((a, b) => a - b)],
  texts: (random) => list(random, () => random.pick(TEXTS)),
  keys: (random) => list(random, () => random.pick(LETTERS), 3),
  mixed: (random) => list(random, () => scalar(random)),
  records: (random) => list(random, () => record(random), 4),
  lists: (random) => list(random, () => list(random, () => int(random), 3), 4),
  square: (random) => ['array', ['array', 2, int(random)], ['array', 1, int(random) + 20]],
  points: (random) => ['array', ...[1, 2, 3, 4].map((x) => ['array', x, int(random)])],
  pairs: (random) => list(random, () => ['array', random.pick(LETTERS), int(random)]),
  holes: () => ['holes'],
  record,
  counts: (random) => ['object', ...LETTERS.slice(0, 1 + random.below(4)).map((key) => [key, int(random)])],
  nested: (random) => ['object', ['a', record(random)], ['b', ['object', ['c', int(random)]]]],
  bare: (random) => ['bare', ['a', int(random)]],
  empty: () => ['object'],
  map: (random) => ['map', ['array', 'a', int(random)].slice(1), ['b', int(random)]],
  set: (random) => ['set', int(random), 'a', int(random)],
  iterable: (random) => ['iterable', int(random), int(random), 3],
  date: (random) => ['date', random.pick(DATES) + random.below(9) * 86400000],
  time: (random) => random.pick(DATES),
  dates: (random) => list(random, () => ['date', random.pick(DATES)], 4),
  interval: (random) => [
    'object',
    ['start', ['date', DATES[0] as number]],
    ['end', ['date', random.below(9) * 86400000]],
  ],
  duration: (random) => ['object', ['years', random.below(3)], ['days', int(random)], ['hours', int(random)]],
  format: (random) => random.pick(FORMATS),
  iso: (random) => random.pick(ISO),
  regexp: (random) =>
    random.pick<Description>([
      ['regexp', 'b+', 'g'],
      ['regexp', '(o)(.)', ''],
      ['regexp', '[a-z]', 'gi'],
    ]),
  error: () => ['error', 'given'],
  bytes: (random) => ['bytes', ...Array.from({ length: random.below(70) }, () => random.below(256))],
  view: (random) => ['floats', float(random), float(random), 2],
  fn0: (random) =>
    callback(random.pick(['one', 'nothing', 'list', 'record', 'promised', 'fallback', 'failed'])),
  fn1: (random) =>
    callback(random.pick(['identity', 'double', 'text', 'size', 'wrap', 'twice', 'pickA', 'boxed', 'boom'])),
  test: (random) => callback(random.pick(['isEven', 'isBig', 'isText', 'truthy'])),
  lift: (random) =>
    callback(
      random.pick([
        'some',
        'right',
        'left',
        'optional',
        'separate',
        'task',
        'taskRight',
        'io',
        'curried',
        'state',
      ]),
    ),
  later: () => callback('later'),
  fn2: (random) =>
    callback(random.pick(['add', 'pair', 'compare', 'less', 'same', 'first', 'second', 'append'])),
  compare: () => callback('compare'),
  fn3: (random) => callback(random.pick(['sum3', 'triple'])),
  functions: (random) => list(random, () => callback(random.pick(['double', 'identity', 'wrap'])), 3),
  methods: (random) => [
    'object',
    ['a', callback('double')],
    ['b', callback(random.pick(['isEven', 'text']))],
  ],
  instances: () => ['instances'],
  some: (random) => option(random),
  none: () => NONE,
  left: (random) => left(random),
  right: (random) => right(random),
  options: (random) => list(random, () => (random() < 0.5 ? option(random) : NONE), 4),
  eithers: (random) => list(random, () => either(random), 4),
  io: (random) => ['lazy', random.pick<Description>([int(random), ['array', 1, 2]])],
  ioEither: (random) => ['lazy', random.pick([either(random), option(random)])],
  taskOf: (random) => ['task', int(random)],
  taskEither: (random) => ['task', random.pick([either(random), option(random), NONE])],
  promise: (random) => ['promise', int(random)],
  promises: (random) => list(random, () => ['promise', int(random)], 3),
  tasks: (random) => list(random, () => ['task', int(random)], 3),
  tree: (random) => [
    'object',
    ['value', int(random)],
    ['forest', ['array', ['object', ['value', int(random)], ['forest', ['array']]]]],
  ],
  these: (random) => ['object', ['_tag', 'Both'], ['left', 'l'], ['right', int(random)]],
} satisfies Record<string, (random: Random) => Description>

export type Kind = keyof typeof MAKERS
export const KINDS = Object.keys(MAKERS) as Kind[]

/** A description of an argument of the kind. */
export function describeArgument(kind: Kind, random: Random): Description {
  return MAKERS[kind](random)
}

const NUMBERS: readonly Kind[] = ['int', 'small', 'float', 'fraction']
const ARRAYS: readonly Kind[] = ['ints', 'texts', 'records', 'lists', 'mixed', 'samples', 'sorted', 'pairs']
const FUNCTIONS: readonly Kind[] = ['fn1', 'test', 'fn2', 'fn3', 'fn0', 'lift', 'later', 'compare']
const EFFECTS =
  `some none left right ints io ioEither taskOf taskEither options eithers tree these lift`.split(
    ' ',
  ) as Kind[]

/** What a parameter of such a name most likely takes, first match first. */
const HINTS: readonly (readonly [RegExp, readonly Kind[]])[] = [
  [/date(left|right)?$|^d$/i, ['date', 'time']],
  [/interval/i, ['interval']],
  [/duration/i, ['duration']],
  [/format(str)?$|template/i, ['format', 'text']],
  [/iso|argument/i, ['iso', 'text', 'mixed']],
  [/fns|functions|funcs/i, ['functions', 'fn1']],
  [
    /^(fn?|func|function|callback|cb|iteratee|predicate|pred|mapper|comparator|compare|reducer|valueof|accessor|get\w+|by|test|customizer|transform|on\w+)\d?$/i,
    FUNCTIONS,
  ],
  [/^(arr|array|list|xs|items|values|collection|arrays|sets?|iterable|sequence|vals)\d?$/i, ARRAYS],
  [/^(x|sample|data|v|numbers|population)$/i, ['samples', 'ints', 'float', 'points', 'sorted']],
  [
    /^(n|size|count|num\w*|amount|index|idx|i|start|end|from|to|step|times|depth|min|max|limit|offset|width|length|lower|upper|year|month|day\w*|\w*hours?|minutes?|seconds?|weeks?|milliseconds|quantity|a|b|p|q|k|y)$/i,
    [...NUMBERS, ...NUMBERS, 'text', 'ints'],
  ],
  [
    /^(str|string|text|s|separator|prefix|suffix|chars|target|value|message|char|word)\d?$/i,
    ['text', 'text', 'int', 'ints'],
  ],
  [/^(key|prop|property|name|field)$/i, ['key', 'text']],
  [/^(keys|props|names|paths)$/i, ['keys', 'texts']],
  [/^(path)$/i, ['path', 'keys']],
  [/^(obj|object|source|record|o|spec|input|props|rest)\d?$/i, ['record', 'counts', 'nested', 'ints']],
  [/^(options|opts|config|context|settings)$/i, ['undefined', 'empty']],
  [/^(re|rx|regex|pattern)$/i, ['regexp', 'text']],
  [/^(map)$/i, ['map', 'fn1']],
  [/^(set)$/i, ['set']],
  [/^(msg|bytes|hash|key|salt|password|ikm)$/i, ['bytes', 'text']],
  [/^[A-Z]\w?$/, ['instances']],
  [/^(ma|fa|fb|mb|self|that|as|tas|first|second|ta|me|e|r|t)$/, EFFECTS],
]

/** Kinds that a parameter's name speaks for; all of them when it says nothing. */
export function kindsFor(parameter: string | undefined): readonly Kind[] {
  const found = parameter && HINTS.find(([pattern]) => pattern.test(parameter))
  return found ? found[1] : KINDS
}
