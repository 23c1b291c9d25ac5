// Installed CommonJS packages: a sample of what they export says the same in Node and in the sandbox.

import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { closeExecutors } from './executors.ts'
import { inNode, inSandbox } from './commonjs.ts'

test.after(closeExecutors)

const directory = path.resolve(import.meta.dirname, '../../fixtures/packages')

/** Package → expressions over what it exports, as `kit`. */
const USES: Readonly<Record<string, readonly string[]>> = {
  semver: [
    '["1.2.3", "v1.2.3-beta.1+build", " =2.0", "not"].map((text) => [kit.valid(text), kit.clean(text), String(kit.coerce(text))])',
    '["1.0.0", "1.0.0-alpha", "0.9.9", "1.0.0+b"].toSorted(kit.compare).concat(kit.rsort(["1.0.0", "2.0.0-1"]))',
    '[["1.2.3", "^1.0.0"], ["2.0.0-rc.1", ">1"], ["1.2.3-a", "~1.2.3-0 || 3.x"], ["0.0.1", "*"]].map(([v, r]) => kit.satisfies(v, r))',
    '["major", "minor", "patch", "prerelease", "premajor"].map((part) => kit.inc("1.2.3-a.0", part, "b"))',
    '["1.x", ">=1.2 <2 || 3", "~0.0.1", "^0.2.3-beta", "1 - 2", "none of it"].map((range) => kit.validRange(range))',
    '[kit.diff("1.2.3", "1.3.0"), kit.minVersion(">1.2.3").version, kit.maxSatisfying(["1.0.0", "1.5.0"], "^1"), kit.intersects("^1", "~1.2")]',
    '[new kit.SemVer("1.2.3").inc("minor").format(), new kit.Range("^1.2").range, new kit.Comparator(">=1").test("1.1.0"), kit.SemVer.name.length]',
    '[kit.gtr("3.0.0", "^2"), kit.ltr("1.0.0", "^2"), kit.outside("5.0.0", "^2", ">"), kit.simplifyRange(["1.0.0", "1.1.0", "2.0.0"], "1.0.0 || 1.1.0"), kit.subset("^1.2", "^1")]',
    'new kit.SemVer("no version")',
    'kit.compare("1.0.0", {})',
    'Object.keys(kit)',
  ],
  mnemonist: [
    '(() => { const heap = new kit.Heap((a, b) => b - a); [3, 1, 2].forEach((n) => heap.push(n)); return [heap.size, heap.pop(), heap.toArray(), heap.peek()] })()',
    '(() => { const map = kit.BiMap.from({ one: 1, two: 2 }); return [map.get("one"), map.inverse.get(2), map.size] })()',
    '(() => { const cache = new kit.LRUCache(2); cache.set("a", 1); cache.set("b", 2); cache.get("a"); cache.set("c", 3); return [cache.has("b"), [...cache.keys()], cache.peek("a")] })()',
    '(() => { const trie = kit.Trie.from(["roman", "romanesque", "greek"]); return [trie.find("roman"), trie.has("gre"), trie.size] })()',
    '(() => { const set = new kit.SparseSet(10); set.add(3); set.add(7); set.delete(3); return [set.has(3), set.size, [...set]] })()',
    '(() => { const index = new kit.SuffixArray("banana"); return [index.toJSON(), index.length] })()',
    '(() => { const bits = new kit.BitSet(40); bits.set(3); bits.set(35); return [bits.size, bits.rank(36), bits.select(2), bits.test(4)] })()',
    '[kit.set.intersection(new Set([1, 2, 3]), new Set([2, 3, 4])), kit.set.jaccard(new Set([1, 2]), new Set([2, 3])), kit.set.isSubset(new Set([1]), new Set([1, 2]))]',
    '(() => { const map = new kit.MultiMap(Set); map.set("a", 1); map.set("a", 1); map.set("b", 2); return [map.size, map.dimension, [...map.get("a")]] })()',
    '(() => { const tree = kit.BKTree.from(["book", "back", "lock"], (a, b) => [...a].filter((c, i) => c !== b[i]).length); return tree.search(1, "bock").map((each) => each.item) })()',
    '(() => { const v = new kit.Uint8Vector(2); v.push(250); v.push(10); v.push(7); return [v.length, v.get(0), [...v.values()]] })()',
    '(() => { const queue = kit.FixedDeque.from([1, 2, 3], Array, 4); queue.unshift(0); return [queue.toArray(), queue.pop(), queue.size] })()',
    'new kit.LRUCache(-1)',
    'kit.Heap.nsmallest(2, [5, 1, 4, 2])',
  ],
  picomatch: [
    '["a/b.js", "a/.b.js", "a/b/c.js", "b.ts"].map((file) => [kit("a/*.js"), kit("**/*.js"), kit("!(b).ts"), kit("**", { dot: true })].map((is) => is(file)))',
    '["*", "a{b,c}", "+(a|b)", "[[:alpha:]]*", "a?c", "{1..3}"].map((glob) => String(kit.makeRe(glob)))',
    '[kit.scan("!./a/b/*.js"), kit.isMatch("abc", "a*c"), kit.matchBase("a/b.js", "*.js"), kit.compileRe(kit.parse("a/**"))].map((each) => JSON.stringify(each))',
    'kit("")',
    'kit.test(1, /a/)',
    'kit.parse("a/{b,c}/*.js").output',
  ],
  'hash.js': [
    '["sha1", "sha224", "sha256", "sha384", "sha512", "ripemd160"].map((name) => kit[name]().update("abc").digest("hex"))',
    '[kit.sha256().update([1, 2, 3]).digest().length, kit.sha1().update("6162", "hex").digest("hex"), kit.sha512().update("ü€😀").digest("hex")]',
    'kit.hmac(kit.sha256, "key").update("message").digest("hex")',
    '[kit.sha.sha256.blockSize, kit.utils.toHex([1, 255]), kit.utils.htonl(1), kit.ripemd.ripemd160.outSize]',
    'kit.utils.toArray("abc", "hex")',
    'kit.sha256().update("a").digest("hex") === new kit.sha256().update("a").digest("hex")',
  ],
  'javascript-natural-sort': ['["a10", "a9", "A1", "1.5", "1.10", "$5", ""].toSorted(kit)'],
  'tiny-emitter': [
    '(() => { const seen = []; const e = new kit(); e.on("x", (n) => seen.push(n)); e.once("x", (n) => seen.push(-n)); e.emit("x", 1); e.emit("x", 2); e.off("x"); e.emit("x", 3); return seen })()',
    'kit.TinyEmitter === kit',
  ],
  'escape-latex': ['[kit("50% & more_$ {x}"), kit("a  b\\n—", { preserveFormatting: true })]'],
}

for (const [name, uses] of Object.entries(USES)) {
  test(`${name} says in the sandbox what it says in Node`, async () => {
    // Its entry is an ES module, of names, which imports the CommonJS modules.
    const clause = name === 'mnemonist' ? `* as kit from '${name}'` : `kit from '${name}'`
    const [said, expected] = [await inSandbox(directory, clause, uses), inNode(directory, name, uses)]
    for (const [i, use] of uses.entries()) assert.equal(said[i], expected[i], use)
  })
}

test.run()
