// Arbitrary programs, and arbitrary ways to spell one: names, order of declarations,
// quotes, parentheses, types, layout. Spelling must not reach a hash.

import fc from 'fast-check'

/** The body of a function of two parameters. */
export type Body =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'parameter'; readonly index: number }
  | { readonly kind: 'call'; readonly callee: number; readonly argument: Body }
  | { readonly kind: 'add'; readonly left: Body; readonly right: Body }
  | { readonly kind: 'choose'; readonly test: Body; readonly yes: Body; readonly no: Body }
  | { readonly kind: 'record'; readonly a: Body; readonly b: Body }
  | { readonly kind: 'member'; readonly object: Body; readonly name: string }
  | { readonly kind: 'let'; readonly value: Body; readonly body: Body }
  | { readonly kind: 'arrow'; readonly body: Body }

/** One body for each definition; callees are counted modulo their number. */
export const programs: fc.Arbitrary<readonly Body[]> = fc.array(
  fc.letrec<{ body: Body }>((tie) => ({
    body: fc.oneof(
      { maxDepth: 4 },
      fc.record({ kind: fc.constant('number'), value: fc.nat(300) }),
      fc.record({ kind: fc.constant('text'), value: fc.constantFrom('a', "it's", '"', 'é\n', '\ud800') }),
      fc.record({ kind: fc.constant('parameter'), index: fc.nat(1) }),
      fc.record({ kind: fc.constant('call'), callee: fc.nat(9), argument: tie('body') }),
      fc.record({ kind: fc.constant('call'), callee: fc.nat(9), argument: tie('body') }),
      fc.record({ kind: fc.constant('add'), left: tie('body'), right: tie('body') }),
      fc.record({ kind: fc.constant('choose'), test: tie('body'), yes: tie('body'), no: tie('body') }),
      fc.record({ kind: fc.constant('record'), a: tie('body'), b: tie('body') }),
      fc.record({
        kind: fc.constant('member'),
        object: tie('body'),
        name: fc.constantFrom('a', 'length', 'x-y', '0'),
      }),
      fc.record({ kind: fc.constant('let'), value: tie('body'), body: tie('body') }),
      fc.record({ kind: fc.constant('arrow'), body: tie('body') }),
    ) as fc.Arbitrary<Body>,
  })).body,
  { minLength: 1, maxLength: 6 },
)

export interface Spelling {
  nameOf(definition: number): string
  readonly prefix: string
  readonly order: number
  /** Decides each free choice in turn. */
  choose(): number
}

export const spellings: fc.Arbitrary<Spelling> = fc
  .record({ prefix: fc.constantFrom('a', 'local_', 'ü', '$'), order: fc.nat(1000), seed: fc.nat(2 ** 31) })
  .map(({ prefix, order, seed }) => ({
    prefix,
    order,
    choose: chooser(seed),
    nameOf: (definition) => `${prefix}Def${definition}`,
  }))

/** A small deterministic generator: the seed is in the counterexample that fast-check prints. */
function chooser(seed: number): () => number {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** The program as text in the given spelling; the order of its declarations is one of the choices. */
export function printProgram(program: readonly Body[], spelling: Spelling): string {
  const printed = program.map((body, index) => printDefinition(body, index, program.length, spelling))
  const shift = spelling.order % program.length
  return [...printed.slice(shift), ...printed.slice(0, shift)].join(
    spelling.choose() < 0.5 ? '\n' : '\n\n/* and */\n',
  )
}

function printDefinition(body: Body, index: number, size: number, spelling: Spelling): string {
  const printer = new Printer(size, spelling)
  const [a, b] = [printer.fresh(), printer.fresh()]
  const parameters = spelling.choose() < 0.5 ? `${a}, ${b}` : `${a}: unknown, ${b}?: string,`
  const result = printer.print(body, [a, b])
  const inside = printer.pick(
    `return ${result}`,
    `"use strict"; return (${result});`,
    `{ return ${result} };;`,
  )
  const name = spelling.nameOf(index)
  return printer.pick(
    `function ${name}(${parameters}) { ${inside} }`,
    `export function ${name}(${parameters}): any {\n  ${inside}\n}`,
    `const ${name} = function (${parameters}) { ${inside} }`,
    `export let ${name} = function ${printer.fresh()}(${parameters}) { ${inside} };`,
  )
}

class Printer {
  readonly #size: number
  readonly #spelling: Spelling
  #count = 0

  constructor(size: number, spelling: Spelling) {
    this.#size = size
    this.#spelling = spelling
  }

  fresh(): string {
    return `${this.#spelling.prefix}${this.#count++}`
  }

  pick(...texts: readonly string[]): string {
    return texts[Math.floor(this.#spelling.choose() * texts.length)] as string
  }

  print(body: Body, names: readonly string[]): string {
    const inner = (part: Body): string => this.print(part, names)
    switch (body.kind) {
      case 'number':
        return this.pick(
          `${body.value}`,
          `0x${body.value.toString(16)}`,
          `(${body.value}.0)`,
          `0b${body.value.toString(2)}`,
        )
      case 'text':
        return this.#text(body.value)
      case 'parameter':
        return this.pick(names[body.index] as string, `(${names[body.index]})`, `${names[body.index]}!`)
      case 'call':
        return `${this.#spelling.nameOf(body.callee % this.#size)}(${inner(body.argument)}${this.pick('', ',')})`
      case 'add':
        return `(${inner(body.left)} + ${inner(body.right)})`
      case 'choose':
        return `(${inner(body.test)} ? ${inner(body.yes)} : ${inner(body.no)})`
      case 'record':
        return `({ ${this.pick('a', '"a"', "['a']")}: ${inner(body.a)}, ${this.pick('b', "'b'", '[`b`]')}: ${inner(body.b)}${this.pick('', ',')} })`
      case 'member':
        return `(${inner(body.object)})${this.#access(body.name)}`
      case 'let':
        return this.#let(body.value, body.body, names)
      case 'arrow':
        return this.#arrow(body.body, names)
    }
  }

  #text(value: string): string {
    const escaped = JSON.stringify(value)
    const inner = escaped.slice(1, -1)
    return this.pick(
      escaped,
      `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`,
      `\`${inner.replaceAll('\\"', '"')}\``,
    )
  }

  #access(name: string): string {
    if (name === '0') return this.pick('[0]', '["0"]', "['0']")
    return /^\w+$/.test(name)
      ? this.pick(`.${name}`, `["${name}"]`, `[\`${name}\`]`)
      : this.pick(`["${name}"]`, `['${name}']`)
  }

  #let(value: Body, body: Body, names: readonly string[]): string {
    const name = this.fresh()
    const keyword = this.pick('let', 'const')
    const printed = this.print(value, names)
    return `(() => { ${this.pick('', ';')}${keyword} ${name}${this.pick('', ': any')} = ${printed}; return ${this.print(body, [name, names[1] as string])} })()`
  }

  #arrow(body: Body, names: readonly string[]): string {
    const name = this.fresh()
    const inner = this.print(body, [names[1] as string, name])
    return this.pick(
      `((${name}) => ${inner})`,
      `((${name}) => { return ${inner} })`,
      `((${name}: any) => (${inner}))`,
    )
  }
}
