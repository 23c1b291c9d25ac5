// The only way out to the network for a guest: a connection that is refused when the
// address at its other end is not a public one. The check is at the connection, because a
// check of names is passed by addresses, by redirects and by a name that changes its mind.

import type { LookupFunction, Socket } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Agent, buildConnector } from 'undici'
import { ABILITY_LIMITS } from './limits.ts'

/** A connection that was refused because of where it led. The address is not told. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError'
  constructor() {
    super('the address is not a public one')
  }
}

/** Resolves names, as `lookup` of node:dns does. */
export type Lookup = LookupFunction

/** Whether `address` (IPv4 or IPv6 in any spelling) is one that anybody may reach over the Internet. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  // An IPv4 address within an IPv6 one counts as itself.
  return ipaddr.process(address).range() === 'unicast'
}

/**
 * Connections kept per origin. With `isGuarded`, none to an address that is not public:
 * literal addresses are refused before connecting, names by what they resolve to, and the
 * address that was connected to is checked again.
 */
export function makeAgent(options: { lookup: Lookup; isGuarded: boolean }): Agent {
  const { lookup, isGuarded } = options
  const connect = buildConnector({
    timeout: ABILITY_LIMITS.httpConnectMs,
    allowH2: false,
    lookup: isGuarded ? guardLookup(lookup) : lookup,
  })
  return new Agent({
    connect: isGuarded ? guardConnector(connect) : connect,
    headersTimeout: ABILITY_LIMITS.httpIdleMs,
    bodyTimeout: ABILITY_LIMITS.httpIdleMs,
    maxHeaderSize: ABILITY_LIMITS.httpResponseHeaderBytes,
    pipelining: 1,
  })
}

/** Refuses a name when any of its addresses is not public. */
function guardLookup(lookup: Lookup): Lookup {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      const addresses = typeof found === 'string' ? [{ address: found, family: 4 }] : found
      const [first] = addresses ?? []
      if (error) callback(error, '')
      else if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
        callback(new AddressRefusedError(), '')
      } else if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

function guardConnector(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    const literal = options.hostname.replace(/^\[|\]$/g, '')
    if (ipaddr.isValid(literal) && !isPublicAddress(literal)) {
      callback(new AddressRefusedError(), null)
      return
    }
    connect(options, (error, socket) => {
      if (error) callback(error, null)
      else if (isConnectedToPublic(socket)) callback(null, socket)
      else {
        socket.destroy()
        callback(new AddressRefusedError(), null)
      }
    })
  }
}

function isConnectedToPublic(socket: Socket): boolean {
  return socket.remoteAddress !== undefined && isPublicAddress(socket.remoteAddress)
}
