// The types of 'ucm/abilities', for whoever writes definitions: what an editor shows and what
// definitions are checked against. Nothing here is hashed. Rows of abilities are inferred through
// `yield*`, and handlers take theirs out again; annotate only recursive generators.
//
//   import { Http, Log } from 'ucm/abilities'
//   export function* fetchTitle(url: string) {        // ->{Http, Log} string
//     const { body } = yield* Http.fetch(url)
//     yield* Log.info('fetched', { bytes: body.length })
//     return titleOf(new TextDecoder().decode(body))
//   }

/** What crosses a boundary: arguments, results, operations, stored values. Functions travel as references. */
export type Value =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Date
  | readonly Value[]
  | ReadonlyMap<Value, Value>
  | ReadonlySet<Value>
  | { readonly [key: string]: Value }

/** What a computation yields: requests to abilities of these names. */
export interface Performs<Names extends string> {
  readonly performs: Names
}

/**
 * Something that `yield*` runs: what calling a generator or an operation returns. `Names` is its
 * row, as in `Computation<'Store' | 'Log', number>`; `never` is a pure one.
 */
export interface Computation<Names extends string, Result> {
  [Symbol.iterator](): Iterator<Row<Names>, Result, unknown>
}

type Row<Names extends string> = [Names] extends [never] ? never : Performs<Names>

declare const signature: unique symbol
declare const operations: unique symbol

/** The parameters and the result of one operation; made by `op`. */
export interface Signature<Parameters extends readonly unknown[], Result> {
  readonly [signature]: (...parameters: Parameters) => Result
}
type Signatures = Readonly<Record<string, Signature<never, unknown>>>
type ParametersOf<S> = S extends Signature<infer Parameters, unknown> ? Parameters : never
type ResultOf<S> = S extends Signature<never, infer Result> ? Result : never

/** A declared set of operations, each of which performs it. */
export type Ability<Name extends string, Operations extends Signatures> = {
  readonly [Key in keyof Operations]: (
    ...parameters: ParametersOf<Operations[Key]>
  ) => Computation<Name, ResultOf<Operations[Key]>>
} & { readonly [operations]?: Operations }

/** Declares an operation: `op<[key: string], Value>()`; without types, one that takes and gives nothing. */
export declare function op<Parameters extends readonly unknown[] = [], Result = void>(): Signature<
  Parameters,
  Result
>

/** Declares an ability: `export const Store = ability('Store', { get: op<[key: string], Value>() })`. */
export declare function ability<const Name extends string, Operations extends Signatures>(
  name: Name,
  operations: Operations,
): Ability<Name, Operations>

declare const answer: unique symbol

/** Stands for the result of whatever computation a handler is given, in the types of its clauses. */
export interface Answer {
  readonly [answer]: true
}

/** Goes on with the handled computation, once, never or many times; gives its result, as the `return` clause makes it. */
export type Resume<Result, Final> = (
  ...answer: [Result] extends [void] ? [] : [answer: Result]
) => Computation<never, Final>

type Clauses<Operations extends Signatures, Final> = {
  readonly [Key in keyof (Operations & { return?: unknown })]: Key extends 'return'
    ? (result: Answer) => Final
    : (
        resume: Resume<ResultOf<Operations[Key]>, Final>,
        ...parameters: ParametersOf<Operations[Key]>
      ) => unknown
}

/** The result of a clause: what it returns, or what the computation that it returns gives. */
type Given<Returned> = Returned extends Computation<string, infer Result> ? Result : Returned
type NamesOf<Returned> = Returned extends { [Symbol.iterator](): Iterator<infer Yielded, unknown, unknown> }
  ? Yielded extends Performs<infer Names>
    ? Names
    : never
  : never

type ReturnsOf<Handler> = {
  [Key in Exclude<keyof Handler, 'return'>]: Handler[Key] extends (...parameters: never) => infer Returned
    ? Returned
    : never
}[Exclude<keyof Handler, 'return'>]

/** `Type` with the computation's result in the place of Answer, through lists and plain objects. */
type Fill<Type, Result> = Type extends Answer
  ? Result
  : Type extends readonly unknown[]
    ? { [Key in keyof Type]: Fill<Type[Key], Result> }
    : Type extends Record<string, unknown>
      ? { [Key in keyof Type]: Fill<Type[Key], Result> }
      : Type

/**
 * Answers the operations of `ability` within a computation. A clause gets `resume` and the
 * operation's parameters; what it returns (or, when it is a generator, what that returns) is the
 * result of the whole. `return` changes the result of a computation that ends by itself; when it
 * changes the type, it stands first, so that `resume` is inferred from it.
 *
 *   const withDefault = handle(Store, { get: (resume, key) => resume(defaults[key]), … })
 *   const answer = yield* withDefault(program())        // the row of program() without Store
 */
export declare function handle<
  Name extends string,
  Operations extends Signatures,
  const Handler,
  Final = Answer,
>(
  ability: Ability<Name, Operations>,
  clauses: Clauses<Operations, Final> & Handler,
): <Names extends string, Result>(
  computation: Computation<Names, Result>,
) => Computation<
  Exclude<Names, Name> | NamesOf<ReturnsOf<Handler>>,
  Fill<Final | Given<ReturnsOf<Handler>>, Result>
>

/** The results of several computations, in order. When each of them waits, all of their operations are under way. */
export declare function all<const Computations extends readonly Computation<string, unknown>[]>(
  computations: Computations,
): Computation<
  NamesOf<Computations[number]>,
  { -readonly [Key in keyof Computations]: Given<Computations[Key]> }
>

/** What time it is, and waiting. */
export declare const Clock: Ability<
  'Clock',
  {
    /** Milliseconds since the Unix epoch. */
    now: Signature<[], number>
    /** Waits for `ms` milliseconds, at most a day. */
    sleep: Signature<[ms: number], void>
  }
>

/** What cannot be known beforehand. */
export declare const Random: Ability<
  'Random',
  {
    /** A number in [0, 1). */
    number: Signature<[], number>
    /** `n` random bytes, at most 65536. */
    bytes: Signature<[n: number], Uint8Array>
    /** A random UUID (version 4). */
    uuid: Signature<[], string>
  }
>

type LogOperation = Signature<[message: string, attributes?: { readonly [name: string]: Value }], void>

/** Lines for whoever runs the function. */
export declare const Log: Ability<
  'Log',
  { debug: LogOperation; info: LogOperation; warn: LogOperation; error: LogOperation }
>

/** Values under keys that outlive a run. */
export declare const Store: Ability<
  'Store',
  {
    /** The value under `key`; undefined when there is none. */
    get: Signature<[key: string], Value>
    put: Signature<[key: string, value: Value], void>
    /** Does nothing when there is no such key. */
    delete: Signature<[key: string], void>
    /** Keys that start with `prefix`, sorted, at most `limit` (1000) of them, those after `after`. */
    list: Signature<[prefix?: string, options?: { after?: string; limit?: number }], string[]>
  }
>

/** Fetching over HTTP. Fails with HttpRefused, HttpTimeout, HttpTooLarge or HttpFailed as the error's name. */
export declare const Http: Ability<
  'Http',
  {
    fetch: Signature<[url: string, options?: HttpOptions], HttpResponse>
  }
>

export interface HttpOptions {
  /** GET unless given. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export interface HttpResponse {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}
