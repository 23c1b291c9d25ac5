// Holds one declaration against the table of permits: what it does, not how it looks.
// The sandbox enforces the same table a second time, so that what is computed
// (`Math[name]`) is caught there.

import type { Declaration } from './declarations.ts'
import { childrenOf, type EsNode, isFunction, staticName, writtenBy } from './estree.ts'
import {
  DENIED_CODE,
  DENIED_DATE,
  DENIED_GLOBALS,
  DENIED_MEMBERS,
  type Denial,
  isPermittedIntrinsic,
  LOCALE_METHODS,
} from './permits.ts'
import { isFirstServed } from './first-served.ts'
import { refuseReassignment } from './late-writes.ts'
import { type Refusal, type RefusalCode, refusal } from './refusals.ts'
import { checkState, type Completed } from './state.ts'
import { type StaticContext, staticIntrinsic } from './static-intrinsic.ts'
import { isType } from './types.ts'

/** What a declaration is refused for, and what its author should know. */
export interface Findings {
  readonly refusals: readonly Refusal[]
  readonly warnings: readonly Refusal[]
  /** What it completes of other files; whether it may, follows from who else mentions that. */
  readonly completed: readonly Completed[]
}

interface Check extends StaticContext {
  readonly declaration: Declaration
  readonly refusals: Refusal[]
  readonly warnings: Refusal[]
  readonly completed: Completed[]
}

export function checkDeclaration(declaration: Declaration, context: StaticContext): Findings {
  const check: Check = {
    ...context,
    declaration,
    refusals: declaration.refusals.filter(({ code }) => code !== 'order-lost'),
    warnings: declaration.refusals.filter(({ code }) => code === 'order-lost'),
    completed: [],
  }
  if (declaration.ability || isType(declaration)) return check
  for (const node of [declaration.value, ...declaration.completions]) checkNode(node, check, false)
  checkState(declaration, context, check)
  return check
}

function refuse(check: Check, code: RefusalCode, node: EsNode, { reason, hint }: Denial): void {
  check.refusals.push(refusal(code, node, reason, hint))
}

function checkNode(node: EsNode, check: Check, isInFunction: boolean): void {
  switch (node.type) {
    case 'MemberExpression':
      checkDenied(staticIntrinsic(node, check) ?? lastTwo(node), node, check)
      break
    case 'VariableDeclarator':
      if (node['init']) checkPattern(node['id'], node['init'], check)
      break
    case 'CallExpression':
    case 'NewExpression':
      checkCall(node, check)
      break
    case 'ImportExpression':
      refuse(check, 'syntax-refused', node, {
        reason: '`import(…)` loads code that has no hash',
        hint: 'import it at the top of the file',
      })
      break
    case 'MetaProperty':
      if (node['meta'].name === 'import')
        refuse(check, 'syntax-refused', node, {
          reason: '`import.meta` belongs to one file on one host',
          hint: 'take what you need of it as a parameter',
        })
      break
    case 'AwaitExpression':
    case 'ForOfStatement':
      if (!isInFunction && (node['await'] ?? node.type === 'AwaitExpression'))
        refuse(check, 'syntax-refused', node, {
          reason: 'a constant cannot wait: it is evaluated once, at once',
          hint: 'make it an `async` function',
        })
  }
  for (const target of writtenBy(node)) checkWrite(target, check)
  if (node.type === 'AssignmentExpression') checkPattern(node['left'], node['right'], check)
  for (const child of childrenOf(node)) checkNode(child, check, isInFunction || isFunction(node))
}

/** `Date.now` of `root.Date.now`, whatever `root` is: most likely the global object. */
function lastTwo(node: EsNode): string | undefined {
  const object: EsNode = node['object']
  if (object.type !== 'MemberExpression') return undefined
  const names = [object, node].map((member) => staticName(member['property'], member['computed']))
  return names.every((name) => name !== undefined) ? names.join('.') : undefined
}

/** `Math.random`, by whatever static way it is reached. */
function checkDenied(path: string | undefined, node: EsNode, check: Check): void {
  const [object = '', name = '', ...more] = path?.split('.') ?? []
  if (more.length > 0 || !Object.hasOwn(DENIED_MEMBERS, object)) return
  const denial = DENIED_MEMBERS[object]?.[name]
  if (denial && Object.hasOwn(DENIED_MEMBERS[object]!, name)) refuse(check, 'effect-refused', node, denial)
}

/** `const { random } = Math`. */
function checkPattern(pattern: EsNode, value: EsNode, check: Check): void {
  if (pattern.type !== 'ObjectPattern') return
  const object = staticIntrinsic(value, check)
  if (object === undefined) return
  for (const { type, key, computed, value: target } of pattern['properties']) {
    const name = type === 'Property' ? staticName(key, computed) : undefined
    if (name === undefined) continue
    checkDenied(object === 'globalThis' ? name : `${object}.${name}`, key, check)
    const inner: EsNode = target.type === 'AssignmentPattern' ? target.left : target
    checkPattern(
      inner,
      { type: 'MemberExpression', object: value, property: key, computed, start: key.start, end: key.end },
      check,
    )
  }
}

function checkCall(node: EsNode, check: Check): void {
  if (node['isFirstServed'] === true && !isFirstServed(node, check))
    check.refusals.push(refuseReassignment(node['callee'].object))
  const callee: EsNode = node['callee']
  const path = staticIntrinsic(callee, check)
  const isNew = node.type === 'NewExpression'
  if (path === 'Date' && (!isNew || node['arguments'].length === 0))
    refuse(check, 'effect-refused', node, DENIED_DATE)
  if (path === 'Function') refuse(check, 'code-from-text', node, DENIED_CODE)
  // A free name is refused where it stands; `globalThis.fetch(…)` is here.
  if (path !== undefined && callee.type !== 'Identifier' && Object.hasOwn(DENIED_GLOBALS, path)) {
    refuse(check, path === 'eval' ? 'code-from-text' : 'effect-refused', node, DENIED_GLOBALS[path]!)
  }
  const method =
    callee.type === 'MemberExpression' ? staticName(callee['property'], callee['computed']) : undefined
  if (method !== undefined && LOCALE_METHODS.has(method)) {
    const reason = `\`${method}\` depends on the locale, and is absent where functions run`
    check.warnings.push(
      refusal('locale-dependent', callee['property'], reason, 'compare or format with code of your own'),
    )
  }
}

/** An assignment to a name, or to a member of what the language itself provides. */
function checkWrite(target: EsNode, check: Check): void {
  if (target.type === 'MemberExpression') {
    return checkMemberWrite(target, check)
  }
  if (target.type !== 'Identifier') return
  const binding = check.scopes.bindingOf(target)
  const name: string = target['name']
  if (binding === null) {
    if (isPermittedIntrinsic(name)) refuse(check, 'intrinsic-write', target, intrinsicWrite(name))
  } else if (binding?.kind === 'import') {
    refuse(check, 'binding-reassigned', target, {
      reason: `\`${name}\` is imported, and cannot be assigned`,
      hint: 'use another name',
    })
  } else if (binding?.kind === 'const') {
    refuse(check, 'syntax-refused', target, {
      reason: `\`${name}\` is a constant, and cannot be assigned`,
      hint: 'declare it with `let`',
    })
  } else if (binding?.kind === 'class') {
    refuse(check, 'syntax-refused', target, {
      reason: `\`${name}\` is a class, and cannot be assigned`,
      hint: 'use another name',
    })
  } else if (binding?.isModule && !check.declaration.locals.has(binding)) {
    check.refusals.push(refuseReassignment(target))
  }
}

function checkMemberWrite(target: EsNode, check: Check): void {
  const object = staticIntrinsic(target['object'], check)
  const root = object?.split('.')[0]
  if (object !== undefined && root !== undefined && isPermittedIntrinsic(root))
    refuse(check, 'intrinsic-write', target, intrinsicWrite(object))
}

function intrinsicWrite(name: string): Denial {
  return {
    reason: `\`${name}\` belongs to the language, and every other function sees it`,
    hint: 'write a function of your own instead of changing a built-in one',
  }
}
