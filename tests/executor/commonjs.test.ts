// CommonJS modules mean what they mean to Node: each shape of exporting and requiring is read
// by Node and by the sandbox, and both say the same of it.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { closeExecutors } from './executors.ts'
import { inNode, inSandbox, installed, type PackageFiles } from './commonjs.ts'

test.after(closeExecutors)

interface Case {
  readonly files: PackageFiles
  /** Expressions over `kit`, what the package's entry exports. */
  readonly uses: readonly string[]
}

const index = (text: string, others: PackageFiles = {}): PackageFiles => ({ 'index.js': text, ...others })

const CASES: Readonly<Record<string, Case>> = {
  'exports.a = …, used inside by its name': {
    files: index(`exports.twice = function (n) { return n * 2 }
      exports.four = function (twice) { return exports.twice(twice) }
      exports.zero = 0; exports.list = [exports.zero, 1]`),
    uses: [
      'kit.four(2)',
      'Object.keys(kit)',
      '[kit.zero, kit.list, kit.nothing, "four" in kit]',
      'kit.hasOwnProperty("zero")',
    ],
  },
  'module.exports.a = … and an alias of exports': {
    files: index(
      `var kit = exports; kit.a = 1; module.exports.b = function () { return kit.a + module.exports.a }`,
    ),
    uses: ['[kit.a, kit.b()]', 'Object.entries(kit).length'],
  },
  'module.exports = { … } with methods, which see the object': {
    files: index(`function a() { return 1 }
      module.exports = { a, b: a, c: () => 3, get d() { return this.a() + 3 }, e() { return this.c() + this.a() }, f: function () { return Object.keys(this) } }`),
    uses: ['Object.keys(kit)', '[kit.a(), kit.b(), kit.c(), kit.d, kit.e()]', 'kit.f()', 'kit.a === kit.b'],
  },
  'module.exports = f, with properties': {
    files: index(`module.exports = add; function add(a, b) { return a + b }
      add.zero = 0; module.exports.one = 1; module.exports.self = add`),
    uses: ['kit(1, 2)', '[kit.zero, kit.one]', 'kit.self === kit', 'Object.keys(kit)'],
  },
  'exports = module.exports = f': {
    files: index('exports = module.exports = function () { return exports.n }; exports.n = 5'),
    uses: ['kit()', 'kit.n'],
  },
  'exports = module.exports = {} and constants named on the way': {
    files: index(
      'exports = module.exports = {}\nconst re = exports.re = []\nvar t = (exports.t = {})\nre[1] = /a/; t.x = re.length',
    ),
    uses: ['[kit.re.length, kit.t.x]', 'kit.re === kit.re'],
  },
  'exports that are dropped, since module.exports is another object': {
    files: index(
      'exports.gone = 1; exports.default = () => [2, exports.gone]; module.exports = exports.default; exports.late = 1',
    ),
    uses: ['[kit(), kit.gone, kit.late]'],
  },
  'module.exports chosen while loading': {
    files:
      index(`if (typeof Object.create === 'function') { module.exports = function modern() { return 'modern' } }
      else { module.exports = function old() { return 'old' } }`),
    uses: ['kit()'],
  },
  'a property that is assigned twice, or counted': {
    files: index(
      'exports.n = 1; exports.n += 2; for (var i = 0; i < 3; i++) exports.n++; exports.m = exports.n; exports.m = exports.m * 2',
    ),
    uses: ['[kit.n, kit.m]'],
  },
  'requires of every kind': {
    files: index(
      `var a = require('./a'), b = 2, c = require('./lib').c
      const { d, e: renamed } = require('./lib/index.js'), [first] = require('./lib').list
      exports.all = function () { return [a, b, c, d, renamed, first, require('./a'), require('./lib').c, require('./data.json')] }
      exports.lib = require('./lib'); exports.d = require('./lib').d`,
      {
        'a.js': "module.exports = 'a'",
        'lib/index.js': "exports.c = 'c'; exports.d = 'd'; exports.e = 'e'; exports.list = ['first']",
        'data.json': '{ "x": [1, null, "\u2028"], "__proto__": { "y": 1 } }',
      },
    ),
    uses: ['kit.all()', 'Object.keys(kit.lib)', 'kit.lib.d === kit.d', 'Object.keys(kit.all()[8])'],
  },
  'an object of what other modules are, spread and forwarded': {
    files: index("module.exports = { ...require('./a'), own: 1, b: require('./b') }", {
      'a.js': 'exports.x = 1; exports.y = () => exports.x + 1',
      'b.js': "module.exports = require('./a')",
    }),
    uses: ['Object.keys(kit)', 'kit.y() + kit.b.y()', 'kit.b.x'],
  },
  'modules that require each other': {
    files: index(
      "exports.isEven = (n) => n === 0 || require('./odd').isOdd(n - 1); exports.odd = require('./odd')",
      {
        'odd.js': "const even = require('./index'); exports.isOdd = (n) => n !== 0 && even.isEven(n - 1)",
      },
    ),
    uses: ['[kit.isEven(4), kit.odd.isOdd(4)]'],
  },
  'what TypeScript compiles': {
    files: index(
      `"use strict";
      var __createBinding = (this && this.__createBinding) || (Object.create ? (function(o, m, k, k2) { if (k2 === undefined) k2 = k; Object.defineProperty(o, k2, { enumerable: true, get: function() { return m[k]; } }); }) : (function(o, m, k, k2) { o[k2] = m[k]; }));
      var __exportStar = (this && this.__exportStar) || function(m, exports) { for (var p in m) if (p !== "default" && !Object.prototype.hasOwnProperty.call(exports, p)) __createBinding(exports, m, p); };
      var __importDefault = (this && this.__importDefault) || function (mod) { return (mod && mod.__esModule) ? mod : { "default": mod }; };
      Object.defineProperty(exports, "__esModule", { value: true });
      exports.three = exports.total = exports.Kind = void 0;
      exports.twice = twice;
      const b_1 = require("./b");
      const plain_1 = __importDefault(require("./plain"));
      Object.defineProperty(exports, "three", { enumerable: true, get: function () { return b_1.three; } });
      __exportStar(require("./c"), exports);
      var Kind; (function (Kind) { Kind[Kind["A"] = 0] = "A"; })(Kind || (exports.Kind = Kind = {}));
      function twice(n) { return (0, b_1.times)(n, 2) }
      const total = (xs) => xs.reduce((a, b) => a + b, (0, plain_1.default)());
      exports.total = total;
      exports.default = twice;`,
      {
        'b.js':
          '"use strict"; Object.defineProperty(exports, "__esModule", { value: true }); exports.times = times; exports.three = 3; function times(a, b) { return a * b }',
        'c.js':
          '"use strict"; Object.defineProperty(exports, "__esModule", { value: true }); exports.four = 4; exports.default = 5;',
        'plain.js': 'module.exports = function () { return 10 }',
      },
    ),
    uses: [
      '[kit.three, kit.twice(4), kit.total([1, 2]), kit.four, kit.default(1)]',
      'kit.Kind',
      'kit.__esModule',
      '"default" in kit',
    ],
  },
  'what Babel compiles': {
    files: index(
      `"use strict";
      Object.defineProperty(exports, "__esModule", { value: true });
      exports.default = exports.b = void 0;
      var _a = _interopRequireDefault(require("./a"));
      var _c = require("./c");
      Object.keys(_c).forEach(function (key) {
        if (key === "default" || key === "__esModule") return;
        if (key in exports && exports[key] === _c[key]) return;
        Object.defineProperty(exports, key, { enumerable: true, get: function () { return _c[key]; } });
      });
      function _interopRequireDefault(e) { return e && e.__esModule ? e : { default: e }; }
      const b = exports.b = () => (0, _a.default)() + 1;
      var _default = exports.default = b;`,
      {
        'a.js':
          '"use strict"; Object.defineProperty(exports, "__esModule", { value: true }); exports.default = () => 41;',
        'c.js':
          '"use strict"; Object.defineProperty(exports, "__esModule", { value: true }); exports.c = "c";',
      },
    ),
    uses: ['[kit.b(), kit.default(), kit.c]'],
  },
  'a universal module definition': {
    files: index(`(function (global, factory) {
        typeof exports === 'object' && typeof module !== 'undefined' ? factory(exports) :
        typeof define === 'function' && define.amd ? define(['exports'], factory) : factory(global.kit = {});
      })(this, (function (exports) { 'use strict';
        var seven = 7; function times(n) { return n * seven }
        exports.times = times; exports.seven = seven;
      }));`),
    uses: ['[kit.times(6), kit.seven]'],
  },
  'an older universal module definition, whose factory returns the value': {
    files: index(`!function (root, factory) {
        if (typeof define === 'function' && define.amd) { define([], factory) }
        else if (typeof module === 'object' && module.exports) { module.exports = factory() }
        else { root.kit = factory() }
      }(this, function () { function kit(a) { return inner(a) + 1 } function inner(a) { return a * 10 } kit.inner = inner; return kit });`),
    uses: ['[kit(4), kit.inner(4)]'],
  },
  'names that are declared twice, once inside': {
    files: index(`function f() { return 'outer' }
      exports.f = function () { var exports = { f: 1 }; return [f(), exports.f] }
      exports.g = function (f) { return [f, exports.f()] }`),
    uses: ['kit.f()', 'kit.g(0)'],
  },
  'functions that are called on the exports': {
    files: index(
      'exports.a = 1; exports.get = function () { return this.a }; exports.both = function () { return exports.get() + this.get() }',
    ),
    uses: ['[kit.get(), kit.both()]', '(0, kit.get).call({ a: 5 })'],
  },
  'what only Node has, and what stands in for it elsewhere': {
    files: index(`var native; try { native = require('inspector').nothing } catch (e) {}
      try { var util = require('util'); if (util) throw '' } catch (e) { module.exports = { native: typeof native } }`),
    uses: ['kit.native', 'Object.keys(kit)'],
  },
  'whether it is the main module': {
    files: index('exports.a = 1; if (require.main === module) { exports.a = 2 }'),
    uses: ['kit.a'],
  },
}

for (const [title, { files, uses }] of Object.entries(CASES)) {
  test(`CommonJS: ${title}`, async () => {
    const directory = installed(files)
    assert.equal(await inSandbox(directory, "kit from 'kit'", uses), inNode(directory, 'kit', uses))
  })
}

test.run()
