import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { generateKeyPair, privateKeyToProtobuf, publicKeyFromRaw } from '@libp2p/crypto/keys'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { generateIdentity, hasSmallOrder, loadIdentity, verifySignature } from '../../executor/identity.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { failureOf } from './network/support.ts'

const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8)

test('loadIdentity() makes a file of mode 600 in folders of mode 700, and then reads it', async () => {
  const folder = path.join(temporaryFolder(), 'config', 'mycel')
  const file = path.join(folder, 'identity')
  const made = await loadIdentity(file)
  assert.is(modeOf(file), '600')
  assert.is(modeOf(folder), '700')
  assert.equal(readdirSync(folder), ['identity'])
  assert.match(made.peerId, /^12D3Koo/)
  assert.is((await loadIdentity(file)).peerId, made.peerId)
})

test('loadIdentity() makes one identity when many make it at once', async () => {
  const file = path.join(temporaryFolder(), 'identity')
  const identities = await Promise.all(Array.from({ length: 8 }, () => loadIdentity(file)))
  assert.is(new Set(identities.map(({ peerId }) => peerId)).size, 1)
  assert.equal(readdirSync(path.dirname(file)), ['identity'])
})

test('loadIdentity() refuses a file that others can read, and says how to mend it', async () => {
  const file = path.join(temporaryFolder(), 'identity')
  await loadIdentity(file)
  for (const mode of [0o644, 0o640, 0o602]) {
    chmodSync(file, mode)
    const error = await failureOf(loadIdentity(file), 'identity-exposed')
    assert.match(error.hint ?? '', `chmod 600 ${file}`)
  }
})

test('loadIdentity() refuses what is no Ed25519 key and leaves the file as it is', async () => {
  const folder = temporaryFolder()
  const other = Buffer.from(privateKeyToProtobuf(await generateKeyPair('secp256k1'))).toString('base64')
  for (const [index, text] of ['', 'garbage!', 'AAAA', other, 'A'.repeat(4096)].entries()) {
    const file = path.join(folder, `identity-${index}`)
    writeFileSync(file, text, { mode: 0o600 })
    await failureOf(loadIdentity(file), 'identity-malformed')
    assert.is(readFileSync(file, 'utf8'), text)
  }
})

test('loadIdentity() says so when the folder cannot be used', async () => {
  const file = path.join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  await failureOf(loadIdentity(path.join(file, 'identity')), 'identity-unreadable')
  assert.not(existsSync(path.join(file, 'identity')))
})

test('verifySignature() accepts only the signature of that peer over those bytes', async () => {
  const [one, two] = await Promise.all([generateIdentity(), generateIdentity()])
  const bytes = Buffer.from('what is signed')
  const signature = await one.signer.sign(bytes)
  assert.ok(await verifySignature(one.peerId, bytes, signature))
  assert.not(await verifySignature(two.peerId, bytes, signature))
  assert.not(await verifySignature(one.peerId, Buffer.from('something else'), signature))
  assert.not(await verifySignature(one.peerId, bytes, signature.slice(1)))
  assert.not(await verifySignature('12D3KooWnonsense', bytes, signature))
  assert.not(await verifySignature('', bytes, signature))
})

test('verifySignature() refuses keys of small order, under which one signature fits everything', async () => {
  const identityPoint = new Uint8Array(32)
  identityPoint[0] = 1
  // R = the identity, S = 0: valid for every message by the equation of RFC 8032 §5.1.7.
  const forged = new Uint8Array(64)
  forged[0] = 1
  const key = publicKeyFromRaw(identityPoint)
  assert.not(await verifySignature(peerIdFromPublicKey(key).toString(), Buffer.from('anything'), forged))
})

test('hasSmallOrder() knows every spelling of the eight points, and no other key', async () => {
  const p = 2n ** 255n - 19n
  const mod = (n: bigint): bigint => ((n % p) + p) % p
  const power = (base: bigint, exponent: bigint): bigint => {
    let result = 1n
    for (let b = mod(base), e = exponent; e > 0n; e >>= 1n, b = mod(b * b))
      if (e & 1n) result = mod(result * b)
    return result
  }
  const roots = (n: bigint): bigint[] => {
    const candidate = power(n, (p + 3n) / 8n)
    const found = [candidate, mod(candidate * power(2n, (p - 1n) / 4n))].find(
      (root) => mod(root * root) === mod(n),
    )
    return found === undefined ? [] : [found, mod(-found)]
  }
  // A point of order 8 doubles to one with y = 0, so x² = -y²; on the curve -x² + y² = 1 + d·x²·y²
  // that makes d·y⁴ + 2·y² - 1 = 0.
  const d = mod(-121665n * power(121666n, p - 2n))
  const squares = roots(1n + d).map((root) => mod((root - 1n) * power(d, p - 2n)))
  const ys = squares.flatMap(roots)
  assert.is(ys.length, 2)
  for (const y of [...ys, 0n, 1n, p - 1n, p, p + 1n]) {
    const raw = Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse()
    assert.ok(hasSmallOrder(raw), raw.toString('hex'))
    raw[31] = (raw[31] as number) | 0x80
    assert.ok(hasSmallOrder(raw), raw.toString('hex'))
  }
  assert.not(hasSmallOrder((await generateIdentity()).privateKey.publicKey.raw))
})

test.run()
