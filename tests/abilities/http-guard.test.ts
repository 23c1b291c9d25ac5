import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isPublicAddress } from '../../abilities/http-guard.ts'

const PUBLIC = ['8.8.8.8', '1.1.1.1', '172.32.0.1', '192.169.0.1', '2606:4700:4700::1111', '::ffff:8.8.8.8']

/** Each with the reason why it is nobody's public address. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::127.0.0.1'],
  unspecified: ['0.0.0.0', '::'],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1', '::ffff:10.0.0.1'],
  'link-local': ['169.254.169.254', 'fe80::1', 'fec0::1'],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.255'],
  'IPv4 within IPv6': ['64:ff9b::7f00:1', '64:ff9b:1::a00:1', '2002:7f00:1::', '2001::1'],
  multicast: ['224.0.0.1', 'ff02::1', '255.255.255.255'],
  reserved: ['192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '240.0.0.1', '2001:db8::1', '100::1'],
  'not an address': ['', 'localhost', 'example.com', '127.0.0.1:80', '[::1]'],
}

test('isPublicAddress() is true for what anybody may reach', () => {
  for (const address of PUBLIC) assert.ok(isPublicAddress(address), address)
})

for (const [why, addresses] of Object.entries(OTHERS)) {
  test(`isPublicAddress() is false for ${why}`, () => {
    for (const address of addresses) assert.not(isPublicAddress(address), address)
  })
}

test.run()
