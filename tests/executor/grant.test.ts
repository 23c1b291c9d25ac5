import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Allowance, formatAllowance, parseAllowance } from '#abilities'
import { decodePlain, encodePlain, hashObject, type Plain, type Reference } from '#codebase'
import {
  attenuateGrant,
  type GrantTerms,
  type GrantUse,
  makeGrant,
  verifyGrant,
} from '../../executor/grant.ts'
import { generateIdentity } from '../../executor/identity.ts'
import type { Limits } from '../../executor/limits.ts'
import { failureOf } from './network/support.ts'

const [node, alice, bob, carol] = await Promise.all([
  generateIdentity(),
  generateIdentity(),
  generateIdentity(),
  generateIdentity(),
])
const reference = (text: string, index = 0): Reference => ({ hash: hashObject(Buffer.from(text)), index })
const F = reference('f')
const NONCE = new Uint8Array(16)

const terms = (audience: string, more: Partial<GrantTerms> = {}): GrantTerms => ({
  audience,
  references: null,
  allowances: [],
  limits: {},
  expiresMs: 1_000,
  nonce: NONCE,
  ...more,
})
const use = (more: Partial<GrantUse> = {}): GrantUse => ({
  node: node.peerId,
  caller: alice.peerId,
  reference: F,
  limits: {},
  nowMs: 999,
  ...more,
})
const allow = (...texts: string[]): Allowance[] => texts.map(parseAllowance)

test('verifyGrant() allows what the node has signed for the caller', async () => {
  const limits = { fuel: 10, timeMs: 5 }
  const grant = await makeGrant(
    node.signer,
    terms(alice.peerId, { references: [F], allowances: allow('Log', 'Http=a.example'), limits }),
  )
  assert.match(grant, /^mycel-grant:[\w-]+$/)
  const authority = await verifyGrant(grant, use({ limits: { fuel: 10 } }))
  assert.equal([...authority.allowances].map(formatAllowance).sort(), ['Http=a.example', 'Log'])
  assert.equal(authority.limits, limits)
})

const REFUSED: readonly (readonly [what: string, more: Partial<GrantTerms>, used: Partial<GrantUse>])[] = [
  ['that has expired', {}, { nowMs: 1_000 }],
  ['for another peer', {}, { caller: bob.peerId }],
  ['of another node', {}, { node: bob.peerId }],
  ['for another definition', { references: [F] }, { reference: reference('g') }],
  ['for another member', { references: [F] }, { reference: { ...F, index: 1 } }],
  ['for no definition', { references: [] }, {}],
  ['whose limits are less than is asked for', { limits: { fuel: 10 } }, { limits: { fuel: 11 } }],
]

for (const [what, more, used] of REFUSED) {
  test(`verifyGrant() refuses a grant ${what}`, async () => {
    const grant = await makeGrant(node.signer, terms(alice.peerId, more))
    await failureOf(verifyGrant(grant, use(used)), 'grant-refused')
  })
}

test('attenuateGrant() hands a grant on to another peer, and only its audience can', async () => {
  const first = await makeGrant(node.signer, terms(alice.peerId, { allowances: allow('Log', 'Clock') }))
  const second = await attenuateGrant(
    first,
    alice.signer,
    terms(bob.peerId, { allowances: allow('Log', 'Random') }),
  )
  const third = await attenuateGrant(
    second,
    bob.signer,
    terms(carol.peerId, { allowances: allow('Log', 'Clock', 'Random') }),
  )
  assert.equal((await verifyGrant(second, use({ caller: bob.peerId }))).allowances, allow('Log'))
  assert.equal((await verifyGrant(third, use({ caller: carol.peerId }))).allowances, allow('Log'))
  await failureOf(verifyGrant(third, use({ caller: bob.peerId })), 'grant-refused')
  await failureOf(attenuateGrant(first, bob.signer, terms(carol.peerId)), 'grant-not-ours')
})

const allowance = fc
  .constantFrom(
    'Log',
    'Clock',
    'Random',
    'Http',
    'Http=a.example',
    'Http=a.example,b.example',
    'Store',
    'Store=a',
    'Store=a/b',
  )
  .map(parseAllowance)
const limits: fc.Arbitrary<Partial<Limits>> = fc.record(
  { fuel: fc.nat(9), memoryBytes: fc.nat(9), effects: fc.nat(9) },
  { requiredKeys: [] },
)
const termsOf = (audience: string): fc.Arbitrary<GrantTerms> =>
  fc.record({
    audience: fc.constant(audience),
    references: fc.option(
      fc.uniqueArray(fc.constantFrom(F, reference('g'), reference('f', 1)), { maxLength: 3 }),
    ),
    allowances: fc.uniqueArray(allowance, { maxLength: 4, selector: ({ ability }) => ability }),
    limits,
    expiresMs: fc.integer({ min: 0, max: 3 }),
    nonce: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  })

async function authorityOf(
  grant: string,
  used: GrantUse,
): Promise<Awaited<ReturnType<typeof verifyGrant>> | undefined> {
  return verifyGrant(grant, used).catch(() => undefined)
}

/** Whether all that `narrow` lets through, `wide` lets through, by what scopes mean. */
function isWithin(narrow: Allowance, wide: Allowance): boolean {
  if (narrow.ability !== wide.ability) return false
  if (wide.scope === undefined || narrow.scope === wide.scope) return true
  if (narrow.scope === undefined) return false
  if (narrow.ability === 'Store') return `${narrow.scope}/`.startsWith(`${wide.scope}/`)
  // Several lists of hosts are all to be satisfied: one that is within is enough.
  const lists = narrow.scope.split(/[;&\s]+/)
  return lists.some((list) => list.split(',').every((host) => wide.scope?.split(/[,;&\s]+/).includes(host)))
}

test('attenuateGrant() only ever narrows, whatever the new link says', async () => {
  const arbitrary = fc.record({
    first: termsOf(alice.peerId),
    second: termsOf(bob.peerId),
    reference: fc.constantFrom(F, reference('g'), reference('f', 1)),
    limits,
    nowMs: fc.integer({ min: 0, max: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ first, second, reference: wanted, limits: asked, nowMs }) => {
      const wide = await makeGrant(node.signer, first)
      const narrow = await attenuateGrant(wide, alice.signer, second)
      const used = { node: node.peerId, reference: wanted, limits: asked, nowMs }
      const after = await authorityOf(narrow, { ...used, caller: bob.peerId })
      if (!after) return
      const before = await authorityOf(wide, { ...used, caller: alice.peerId })
      assert.ok(before, 'what was refused is still refused')
      for (const each of after.allowances)
        assert.ok(
          before.allowances.some((other) => isWithin(each, other)),
          formatAllowance(each),
        )
      for (const [name, limit] of Object.entries(before.limits)) {
        assert.ok((after.limits[name as keyof Limits] ?? Number.POSITIVE_INFINITY) <= limit, name)
      }
    }),
    { numRuns: 300 },
  )
})

/** The links of a grant, changed and put together again. */
function forge(grant: string, change: (links: Plain[][]) => Plain[][]): string {
  const links = decodePlain(Buffer.from(grant.slice('mycel-grant:'.length), 'base64url')) as Plain[][]
  return `mycel-grant:${Buffer.from(encodePlain(change(links))).toString('base64url')}`
}

test('verifyGrant() refuses a chain from which a link was taken, or that was put together from two', async () => {
  const narrow = await makeGrant(node.signer, terms(alice.peerId, { references: [] }))
  const wide = await makeGrant(node.signer, terms(alice.peerId))
  const handedOn = await attenuateGrant(narrow, alice.signer, terms(bob.peerId))
  let wideLink: Plain[] = []
  forge(wide, (links) => ((wideLink = links[0] as Plain[]), links))
  for (const forged of [
    forge(handedOn, ([, last]) => [last as Plain[]]),
    forge(handedOn, ([, last]) => [wideLink, last as Plain[]]),
    forge(handedOn, ([first]) => [first as Plain[], wideLink]),
  ]) {
    await failureOf(verifyGrant(forged, use({ caller: bob.peerId })), 'grant-refused')
  }
})

test('verifyGrant() refuses a grant in which any bit was changed', async () => {
  const grant = await makeGrant(node.signer, terms(alice.peerId, { allowances: allow('Log') }))
  const bytes = Buffer.from(grant.slice('mycel-grant:'.length), 'base64url')
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
      assert.is(await authorityOf(`mycel-grant:${changed.toString('base64url')}`, use()), undefined)
    }),
    { numRuns: 300 },
  )
})

for (const text of [
  '',
  'mycel-grant:',
  'mycel-grant:gA',
  'mycel-grant:!!!',
  'mycel-grant:9v',
  `mycel-grant:${'A'.repeat(100_000)}`,
]) {
  test(`verifyGrant() says that ${JSON.stringify(text.slice(0, 20))} is no grant`, async () => {
    await failureOf(verifyGrant(text, use()), 'grant-malformed')
  })
}

test('attenuateGrant() refuses a chain of more than eight links', async () => {
  let grant = await makeGrant(node.signer, terms(alice.peerId))
  for (let link = 1; link < 8; link++) grant = await attenuateGrant(grant, alice.signer, terms(alice.peerId))
  await verifyGrant(grant, use())
  await failureOf(attenuateGrant(grant, alice.signer, terms(alice.peerId)), 'grant-malformed')
})

test.run()
