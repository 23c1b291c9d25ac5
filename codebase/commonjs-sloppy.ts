// Definitions are strict code, and CommonJS modules need not be. What the text shows to mean
// something else in strict mode is refused.

import { type EsNode, childrenOf, isFunction, staticName, writtenBy } from './estree.ts'
import { type Refusal, refusal } from './refusals.ts'

export function sloppyRefusals(program: EsNode): Refusal[] {
  const found: Refusal[] = []
  if (!isStrict(program)) visit(program, found)
  return found
}

function isStrict({ body }: EsNode): boolean {
  const statements: EsNode[] = Array.isArray(body) ? body : (body?.body ?? [])
  return statements.some(({ directive }) => directive === 'use strict')
}

function visit(node: EsNode, found: Refusal[]): void {
  if (isFunction(node) && isStrict(node)) return
  if (isFunction(node) && node.type !== 'ArrowFunctionExpression') checkArguments(node, found)
  if (node.type.startsWith('Class')) return
  for (const child of childrenOf(node)) visit(child, found)
}

/** In sloppy mode, `arguments[0]` and the first parameter are one variable. */
function checkArguments(called: EsNode, found: Refusal[]): void {
  const params: EsNode[] = called['params']
  const names = params.map((param) => (param.type === 'Identifier' ? (param['name'] as string) : undefined))
  if (names.includes(undefined)) return
  const uses: { node: EsNode; parent: EsNode }[] = []
  const written = new Set<string>()
  const read = (node: EsNode): void => {
    for (const target of writtenBy(node)) if (target.type === 'Identifier') written.add(target['name'])
    for (const child of childrenOf(node)) {
      if (child.type === 'Identifier' && child['name'] === 'arguments')
        uses.push({ node: child, parent: node })
      if (!isFunction(child) || child.type === 'ArrowFunctionExpression') read(child)
      else for (const inner of writes(child)) written.add(inner)
    }
  }
  read(called['body'])
  for (const { node, parent } of uses) {
    const name =
      parent.type === 'MemberExpression' && parent['object'] === node
        ? staticName(parent['property'], parent['computed'])
        : undefined
    if (name === 'length') continue
    const index = name !== undefined && /^\d+$/.test(name) ? Number(name) : undefined
    const isMapped =
      index === undefined ? names.some((each) => written.has(each!)) : written.has(names[index] ?? '')
    if (name !== 'callee' && !isMapped) continue
    const reason =
      name === 'callee'
        ? '`arguments.callee` is not there in strict mode'
        : '`arguments` and a parameter that is assigned are one variable in sloppy mode'
    found.push(
      refusal(
        'commonjs-refused',
        node,
        `${reason}, and definitions are strict`,
        'name the function, or use a rest parameter',
      ),
    )
    return
  }
}

function writes(node: EsNode): string[] {
  const own = writtenBy(node).flatMap((target) =>
    target.type === 'Identifier' ? [target['name'] as string] : [],
  )
  return [...own, ...childrenOf(node).flatMap(writes)]
}
