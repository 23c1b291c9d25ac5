// A node in a process of its own: lets the peer whose id is its argument run the fake function,
// and prints its address. Ends when its input does.

import { generateIdentity } from '../../../executor/identity.ts'
import { startNode } from '../../../executor/network/node.ts'
import { serveNode } from '../../../executor/network/remote.ts'
import { fakeRun } from './fake-run.ts'
import { MemoryObjects } from './support.ts'

const identity = await generateIdentity()
const node = await startNode({ identity })
const objects = new MemoryObjects()
const served = await serveNode({
  node,
  objects,
  put: (object) => objects.put(object),
  run: fakeRun(identity.signer),
  allowPeers: new Set(process.argv.slice(2)),
  allowances: [],
  clock: () => 0,
})
console.log(node.addresses[0])
process.stdin.resume().on('end', () => void served.close())
