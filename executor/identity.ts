// A node's or person's identity: an Ed25519 key in a file that only its owner can read.
// The file holds the key as Kubo's configuration does: base64 of libp2p's protobuf.

import { constants } from 'node:fs'
import { link, mkdir, open, unlink } from 'node:fs/promises'
import path from 'node:path'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id'
import { KnownError } from '#codebase'
import type { Signer } from './receipt.ts'

export interface Identity {
  /** What the key is known by: `12D3Koo…`, in which the public key is contained. */
  readonly peerId: string
  readonly privateKey: Ed25519PrivateKey
  readonly signer: Signer
}

/** The identity of a key. */
export function makeIdentity(privateKey: Ed25519PrivateKey): Identity {
  const peerId = peerIdFromPrivateKey(privateKey).toString()
  const sign = (bytes: Uint8Array): Promise<Uint8Array> | Uint8Array => privateKey.sign(bytes)
  return Object.freeze({ peerId, privateKey, signer: Object.freeze({ peerId, sign }) })
}

/** A fresh identity that no file keeps. */
export async function generateIdentity(): Promise<Identity> {
  return makeIdentity(await generateKeyPair('Ed25519'))
}

/**
 * The identity in `file`, which is made, with its folders, when there is none. Two processes
 * that do so at once get the same one.
 * @throws KnownError input `identity-exposed`, `identity-malformed`, `identity-unreadable`
 */
export async function loadIdentity(file: string): Promise<Identity> {
  try {
    const text = (await read(file)) ?? (await create(file))
    return parseIdentity(file, text)
  } catch (error) {
    if (error instanceof KnownError) throw error
    throw refuse(
      'identity-unreadable',
      `Cannot use identity ${file}: ${(error as Error).message}`,
      'choose another file with --identity',
      file,
    )
  }
}

const MAX_IDENTITY_BYTES = 1024

/** What the file says; undefined when there is none. */
async function read(file: string): Promise<string | undefined> {
  const handle = await open(file, constants.O_RDONLY).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!handle) return undefined
  try {
    const { mode, size } = await handle.stat()
    // Windows has no such bits; there the profile folder keeps others out.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const found = (mode & 0o777).toString(8).padStart(4, '0')
      const message = `Cannot use identity ${file}: its mode is ${found}, so that others can get at the key, expected 0600`
      throw refuse('identity-exposed', message, `chmod 600 ${file}, or delete it to get a new identity`, file)
    }
    if (size > MAX_IDENTITY_BYTES) throw malformed(file)
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

/** Makes the whole file elsewhere and links it into place, so that no one ever reads half of it or replaces one that is in use. */
async function create(file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const { privateKey, peerId } = await generateIdentity()
  const text = `${Buffer.from(privateKeyToProtobuf(privateKey)).toString('base64')}\n`
  const draft = `${file}.${peerId.slice(-12)}`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    await link(draft, file)
    return text
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return (await read(file)) ?? text
  } finally {
    await unlink(draft)
  }
}

function parseIdentity(file: string, text: string): Identity {
  const encoded = text.trimEnd()
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.toString('base64') !== encoded) throw malformed(file)
  try {
    const key = privateKeyFromProtobuf(bytes)
    if (key.type === 'Ed25519') return makeIdentity(key)
  } catch (error) {
    throw malformed(file, error)
  }
  throw malformed(file)
}

function malformed(file: string, cause?: unknown): KnownError {
  const message = `Cannot use identity ${file}: it holds no Ed25519 key, expected one line of base64`
  return refuse(
    'identity-malformed',
    message,
    'restore it from a copy, or delete it to get a new identity',
    file,
    cause,
  )
}

function refuse(code: string, message: string, hint: string, file: string, cause?: unknown): KnownError {
  return new KnownError('input', code, message, { hint, details: { file }, cause })
}

/**
 * True when the Ed25519 key that `peerId` contains has signed `bytes`; false for every other
 * peer id, text that is none, and keys of small order, under which anyone can sign.
 */
export async function verifySignature(
  peerId: string,
  bytes: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  try {
    const id = peerIdFromString(peerId)
    if (id.type !== 'Ed25519' || id.toString() !== peerId || hasSmallOrder(id.publicKey.raw)) return false
    return await id.publicKey.verify(bytes, signature)
  } catch {
    return false
  }
}

/** y-coordinates of the eight points of small order, and the other spellings of those that have one (RFC 8032 §5.1; as libsodium lists them). */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
])

/** True for a raw public key (32 bytes) under which one signature fits every message; some builds of OpenSSL accept it. */
export function hasSmallOrder(publicKey: Uint8Array): boolean {
  const y = Buffer.from(publicKey)
  y[31] = (y[31] as number) & 0x7f
  return SMALL_ORDER.has(y.toString('hex'))
}
