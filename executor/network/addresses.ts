// Addresses and peer ids as people give them.

import type { PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { KnownError } from '#codebase'

/** The peer that an address names; of an address through another peer, the one at its end. */
export function peerOf(address: Multiaddr): PeerId | undefined {
  const id = address.getComponents().findLast(({ name }) => name === 'p2p')?.value
  return id === undefined ? undefined : peerIdFromString(id)
}

/** @throws KnownError usage `address-malformed` */
export function parseAddress(text: string): Multiaddr {
  try {
    return multiaddr(text)
  } catch (error) {
    throw malformedAddress(text, 'an address such as /ip4/127.0.0.1/tcp/4001', error)
  }
}

/** An address that says which peer must be found there. @throws KnownError usage `address-malformed` */
export function parsePeerAddress(text: string): Multiaddr {
  const address = parseAddress(text)
  // Without the id nothing would tell the right node from whoever answers at the address.
  if (!peerOf(address)) throw malformedAddress(text, 'one that ends in /p2p/ and the id of the node')
  return address
}

/** @throws KnownError usage `address-malformed` */
export function parsePeerId(text: string): PeerId {
  try {
    return peerIdFromString(text)
  } catch (error) {
    throw malformedAddress(text, 'a peer id, or an address that begins with /', error)
  }
}

function malformedAddress(text: string, what: string, cause?: unknown): KnownError {
  return new KnownError(
    'usage',
    'address-malformed',
    `Cannot reach ${JSON.stringify(text)}: expected ${what}`,
    {
      hint: 'copy the address from the ready line of `ucm node`',
      details: { address: text },
      cause,
    },
  )
}
