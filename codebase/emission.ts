// The text that is being generated: what was written so far, how names are spelt,
// and where nodes begin. Knows no node's syntax; the tables of emit-*.ts do.

import type { Reference } from './hash.ts'
import { LEVEL, levelOf } from './precedence.ts'
import type { Node, NodeType } from './term.ts'

export interface EmitOptions {
  /** An expression that can be called without passing `this`: an identifier. */
  name(reference: Reference): string
  sibling(slot: number): string
  intrinsic?(name: string): string
  /** By default `_0`, `_1`…; must differ from every name that the other functions give. */
  local?(index: number): string
  /** The text of an Ability node; by default the call that declares it. */
  ability?(node: Node): string
  /** For people: line breaks, and the term as it is, without what works around faults of the engine. */
  legible?: boolean
  /**
   * Called when a node's text begins: UTF-16 offset in the value's or the completions' text,
   * and the node's position in walkMember() order.
   */
  mark?(offset: number, ordinal: number, part: MemberPart): void
}

/** The two texts of a member. */
export type MemberPart = 'value' | 'completions'
/** Told where a node's text begins. */
export type BeginNode = (offset: number, node: Node) => void

export type EmitNode = (node: Node, to: Emission) => void
export type EmitTable = Readonly<Partial<Record<NodeType, EmitNode>>>
/** All tables as one: a Map, for it is asked for every node. */
export type EmitNodes = ReadonlyMap<string, EmitNode>

export class Emission {
  readonly options: EmitOptions
  readonly isLegible: boolean
  /** Labels around the current statement within its function. */
  labels = 0
  /** The loop whose iterable was evaluated before it. */
  heldLoop: Node | null = null
  readonly #table: EmitNodes
  readonly #begin: BeginNode | undefined
  readonly #parts: string[] = []
  #length = 0
  #indent = 0

  constructor(table: EmitNodes, options: EmitOptions, begin: BeginNode | undefined) {
    this.#table = table
    this.#begin = begin
    this.options = options
    this.isLegible = options.legible ?? false
  }

  get text(): string {
    return this.#parts.join('')
  }

  write(text: string): void {
    this.#parts.push(text)
    this.#length += text.length
  }

  /** Writes a node as it is. */
  node(node: Node): void {
    this.#begin?.(this.#length, node)
    this.#table.get(node.type)?.(node, this)
  }

  /** Writes `text` for a node that is spelt otherwise than by itself. */
  nodeAs(node: Node, text: string): void {
    this.#begin?.(this.#length, node)
    this.write(text)
  }

  /** Writes an expression, in parentheses when it binds less tightly than `level`. */
  expression(node: Node, level: number = LEVEL.assign): void {
    this.parenthesised(node, levelOf(node) < level)
  }

  parenthesised(node: Node, isNeeded: boolean): void {
    if (isNeeded) this.write('(')
    this.node(node)
    if (isNeeded) this.write(')')
  }

  /** Writes what stands between commas. */
  list<T>(items: readonly T[], write: (item: T) => void): void {
    items.forEach((item, index) => {
      if (index > 0) this.write(', ')
      write(item)
    })
  }

  /** Writes items between braces, each on a line of its own when legible. */
  braces<T>(items: readonly T[], write: (item: T) => void, separator = ''): void {
    if (items.length === 0) return this.write('{}')
    this.write('{')
    this.#indent++
    items.forEach((item, index) => {
      this.#line()
      write(item)
      if (index < items.length - 1 || this.isLegible) this.write(separator)
    })
    this.#indent--
    this.#line()
    this.write('}')
  }

  /** Writes statements between braces. */
  block(body: readonly Node[]): void {
    this.braces(body, (statement) => this.node(statement))
  }

  #line(): void {
    this.write(this.isLegible ? `\n${'  '.repeat(this.#indent)}` : ' ')
  }

  local(index: number): string {
    return this.options.local?.(index) ?? `_${index}`
  }

  intrinsic(name: string): string {
    return this.options.intrinsic?.(name) ?? name
  }

  /** Runs `write` inside a function, where no label of the outside can be reached. */
  function(write: () => void): void {
    const outer = this.labels
    this.labels = 0
    write()
    this.labels = outer
  }
}
