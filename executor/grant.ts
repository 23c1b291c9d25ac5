// A grant: this peer may run these definitions with these abilities, within these limits,
// until then. The node signs the first link for a peer; that peer may sign another for
// someone else, and so on. What a chain allows is what every link of it allows, so that a
// link can only narrow, whatever it says.

import { type Allowance, formatAllowance, intersectAllowances, parseAllowance } from '#abilities'
import {
  decodePlain,
  encodePlain,
  formatReference,
  KnownError,
  Link,
  type Plain,
  type Reference,
  referenceText,
} from '#codebase'
import { verifySignature } from './identity.ts'
import type { Limits } from './limits.ts'
import type { Signer } from './receipt.ts'

/** What one link says. */
export interface GrantTerms {
  /** The peer that may use the grant, or hand on a narrower one. */
  readonly audience: string
  /** What may be run; null: anything. */
  readonly references: readonly Reference[] | null
  readonly allowances: readonly Allowance[]
  /** The most that a run may ask for, and what it gets when it asks for nothing. */
  readonly limits: Partial<Limits>
  /** Milliseconds since the epoch; from then on the link allows nothing. */
  readonly expiresMs: number
  /** 16 random bytes, so that no two links are the same. */
  readonly nonce: Uint8Array
}

/** What a grant comes to for one request. */
export interface GrantAuthority {
  readonly allowances: readonly Allowance[]
  readonly limits: Partial<Limits>
}

/** Links of one grant, first to last. */
export const MAX_GRANT_LINKS = 8
/** Length of the text form. */
export const MAX_GRANT_CHARACTERS = 64 * 1024

const PREFIX = 'mycel-grant:'
const GRANT_VERSION = 0
const NONCE_BYTES = 16
const BOUNDS = { maxBytes: MAX_GRANT_CHARACTERS, maxDepth: 8, maxItems: 8_192 }
const LIMIT_NAMES = [
  'fuel',
  'memoryBytes',
  'outputBytes',
  'effects',
  'timeMs',
] as const satisfies readonly (keyof Limits)[]

interface GrantLink {
  readonly issuer: string
  readonly terms: GrantTerms
  /** What the signature is over: the statement, and all that came before it. */
  readonly statement: Uint8Array
  readonly signature: Uint8Array
}

/** A grant of one link, signed by the node on which it counts. */
export async function makeGrant(signer: Signer, terms: GrantTerms): Promise<string> {
  return formatGrant([await signLink(signer, terms, [])])
}

/**
 * `grant` handed on by its audience, within `terms`: they narrow it, and where they say more
 * than it does, it still says no.
 * @throws KnownError input `grant-malformed`; policy `grant-not-ours` unless the signer is its audience
 */
export async function attenuateGrant(grant: string, signer: Signer, terms: GrantTerms): Promise<string> {
  const links = parseGrant(grant)
  const audience = links.at(-1)?.terms.audience
  if (audience !== signer.peerId) {
    throw new KnownError(
      'policy',
      'grant-not-ours',
      `Cannot hand on grant: it is for ${audience}, expected ${signer.peerId}`,
      {
        hint: 'only the peer that a grant is for can hand it on',
        details: { audience },
      },
    )
  }
  return formatGrant([...links, await signLink(signer, terms, links)])
}

export interface GrantUse {
  /** The node that is asked to run: whose key must have signed the first link. */
  readonly node: string
  /** The peer that asks, as its connection proves. */
  readonly caller: string
  readonly reference: Reference
  readonly limits: Partial<Limits>
  readonly nowMs: number
}

/**
 * What `grant` allows this request.
 * @throws KnownError input `grant-malformed`; policy `grant-refused` with the reason, which is
 * for the node's own log: the caller is not told it
 */
export async function verifyGrant(grant: string, use: GrantUse): Promise<GrantAuthority> {
  const links = parseGrant(grant)
  let issuer = use.node
  for (const link of links) {
    if (link.issuer !== issuer) throw refused(`a link is issued by ${link.issuer}, expected ${issuer}`)
    if (!(await verifySignature(issuer, link.statement, link.signature)))
      throw refused(`${issuer} did not sign it`)
    issuer = link.terms.audience
  }
  if (issuer !== use.caller) throw refused(`it is for ${issuer}, expected ${use.caller}`)
  for (const { terms } of links) requireWithin(terms, use)
  return {
    allowances: links
      .map(({ terms }) => terms.allowances)
      .reduce((all, narrower) => intersectAllowances(all, narrower)),
    limits: leastLimits(links.map(({ terms }) => terms.limits)),
  }
}

function requireWithin(terms: GrantTerms, { reference, limits, nowMs }: GrantUse): void {
  if (nowMs >= terms.expiresMs) throw refused(`it expired at ${terms.expiresMs} ms, and it is ${nowMs} ms`)
  const wanted = referenceText(reference)
  if (terms.references && !terms.references.some((granted) => referenceText(granted) === wanted)) {
    throw refused(`it does not name ${formatReference(reference)}`)
  }
  for (const name of LIMIT_NAMES) {
    const asked = limits[name] ?? 0
    const most = terms.limits[name] ?? Number.POSITIVE_INFINITY
    if (asked > most) throw refused(`${asked} ${name} were asked for, expected at most ${most}`)
  }
}

/** Of each limit the least that any of `all` sets. */
function leastLimits(all: readonly Partial<Limits>[]): Partial<Limits> {
  const least: { -readonly [L in keyof Limits]?: Limits[L] } = {}
  for (const limits of all) {
    for (const name of LIMIT_NAMES) {
      const limit = limits[name]
      if (limit !== undefined) least[name] = Math.min(limit, least[name] ?? limit)
    }
  }
  return least
}

function refused(reason: string): KnownError {
  return new KnownError('policy', 'grant-refused', `Cannot use grant: ${reason}`, {
    hint: 'ask whoever runs the node for a new grant',
  })
}

async function signLink(signer: Signer, terms: GrantTerms, before: readonly GrantLink[]): Promise<GrantLink> {
  if (terms.nonce.length !== NONCE_BYTES)
    throw new RangeError(`Cannot make grant: ${terms.nonce.length} bytes of nonce, expected ${NONCE_BYTES}`)
  if (before.length >= MAX_GRANT_LINKS) throw malformed(`more than ${MAX_GRANT_LINKS} links`)
  const body = encodeStatement(signer.peerId, terms)
  const statement = statementWith(body, before)
  return { issuer: signer.peerId, terms, statement, signature: await signer.sign(statement) }
}

/** A link's own bytes after the signature of the one before, which binds it to that chain and no other. */
function statementWith(body: Uint8Array, before: readonly GrantLink[]): Uint8Array {
  return encodePlain([PREFIX, before.at(-1)?.signature ?? null, body])
}

function encodeStatement(issuer: string, terms: GrantTerms): Uint8Array {
  return encodePlain([
    GRANT_VERSION,
    issuer,
    terms.audience,
    terms.references && terms.references.map(({ hash, index }) => [new Link(hash), index]),
    terms.allowances.map(formatAllowance),
    LIMIT_NAMES.map((name) => terms.limits[name] ?? null),
    terms.expiresMs,
    terms.nonce,
  ])
}

/** As it is pasted: `mycel-grant:` and base64url. */
function formatGrant(links: readonly GrantLink[]): string {
  const encoded = encodePlain(
    links.map(({ issuer, terms, signature }) => [encodeStatement(issuer, terms), signature]),
  )
  return PREFIX + Buffer.from(encoded).toString('base64url')
}

function parseGrant(grant: string): GrantLink[] {
  if (!grant.startsWith(PREFIX)) throw malformed(`it does not begin with ${PREFIX}`)
  if (grant.length > MAX_GRANT_CHARACTERS)
    throw malformed(`it is longer than ${MAX_GRANT_CHARACTERS} characters`)
  const encoded = Buffer.from(grant.slice(PREFIX.length), 'base64url')
  if (encoded.toString('base64url') !== grant.slice(PREFIX.length)) throw malformed('it is not base64url')
  try {
    return parseLinks(encoded)
  } catch (error) {
    // What codecs and allowances say of the parts is true of the grant as a whole.
    if (error instanceof KnownError && error.code !== 'grant-malformed') throw malformed(error.message)
    throw error
  }
}

function parseLinks(encoded: Uint8Array): GrantLink[] {
  const links: GrantLink[] = []
  for (const item of asList(decodePlain(encoded, BOUNDS), MAX_GRANT_LINKS)) {
    const [body, signature] = asList(item, 2)
    if (!(body instanceof Uint8Array && signature instanceof Uint8Array))
      throw malformed('a link is no pair of bytes')
    links.push({ ...parseStatement(body), statement: statementWith(body, links), signature })
  }
  if (links.length === 0) throw malformed('it has no links')
  return links
}

function parseStatement(body: Uint8Array): Pick<GrantLink, 'issuer' | 'terms'> {
  const fields = asList(decodePlain(body, BOUNDS), 8)
  const [version, issuer, audience, references, allowances, limits, expiresMs, nonce] = fields
  const isWhole = fields.length === 8 && version === GRANT_VERSION
  const hasTypes = typeof issuer === 'string' && typeof audience === 'string' && typeof expiresMs === 'number'
  if (!isWhole || !hasTypes || !(nonce instanceof Uint8Array) || nonce.length !== NONCE_BYTES)
    throw malformed('a link has other fields')
  const terms = {
    audience,
    references: references === null ? null : asList(references, BOUNDS.maxItems).map(parseReferenceFields),
    allowances: asList(allowances, BOUNDS.maxItems).map(parseAllowanceField),
    limits: parseLimits(asList(limits, LIMIT_NAMES.length)),
    expiresMs,
    nonce,
  }
  return { issuer, terms }
}

function parseReferenceFields(field: Plain): Reference {
  const [link, index] = asList(field, 2)
  if (!(link instanceof Link) || typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0)
    throw malformed('a reference is none')
  return { hash: link.hash, index }
}

function parseAllowanceField(field: Plain): Allowance {
  if (typeof field !== 'string') throw malformed('an ability is no text')
  const allowance = parseAllowance(field)
  if (formatAllowance(allowance) !== field)
    throw malformed(`the ability ${JSON.stringify(field)} is not as it should be written`)
  return allowance
}

function parseLimits(fields: readonly Plain[]): Partial<Limits> {
  if (fields.length !== LIMIT_NAMES.length) throw malformed('the limits are of another number')
  const limits: { -readonly [L in keyof Limits]?: Limits[L] } = {}
  for (const [at, name] of LIMIT_NAMES.entries()) {
    const limit = fields[at] as Plain
    if (limit === null) continue
    if (typeof limit !== 'number' || !Number.isSafeInteger(limit) || limit < 0)
      throw malformed(`the limit ${name} is no count`)
    limits[name] = limit
  }
  return limits
}

function asList(value: Plain | undefined, maxLength: number): readonly Plain[] {
  if (!Array.isArray(value) || value.length > maxLength)
    throw malformed(`expected a list of at most ${maxLength}`)
  return value
}

function malformed(what: string): KnownError {
  return new KnownError('input', 'grant-malformed', `Cannot read grant: ${what}`, {
    hint: 'paste it whole, as `ucm grant` printed it',
  })
}
