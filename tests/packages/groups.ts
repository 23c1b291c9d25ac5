// What is held against Node, in groups that each have a test file of their own.

import { readdirSync } from 'node:fs'
import path from 'node:path'
import { PACKAGES } from './original.ts'
import type { Group } from './run.ts'

/** Groups by the package that they show as. */
export type Groups = Readonly<Record<string, Group>>

const installed = (folder: string): string[] =>
  readdirSync(path.join(PACKAGES, 'node_modules', folder)).sort()

export const SMALL: Groups = {
  'just-*': { modules: installed('.').filter((name) => name.startsWith('just-')) },
  radash: { modules: ['radash'] },
  'd3-array': { modules: ['d3-array'] },
  'simple-statistics': { modules: ['simple-statistics'] },
  '@noble/hashes': {
    modules: installed('@noble/hashes')
      .filter(
        (file) =>
          file.endsWith('.js') && file !== 'index.js' && file !== '_blake.js' && !file.startsWith('_u64'),
      )
      .map((file) => `@noble/hashes/${file}`),
    tools: { sha256: '@noble/hashes/sha2.js', blake3: '@noble/hashes/blake3.js' },
    except: [[/eskdf.js (pbkdf2|scrypt)$/, 'some 10^9 steps, whatever is given']],
    extraShare: 0.5,
    extra: [
      ['bytes', ...Array.from({ length: 32 }, (_, index) => index)],
      ['bytes', 1, 2, 3],
      'text',
      '00ff',
      ['tool', 'sha256'],
      ['tool', 'blake3'],
      ['object', ['c', 2], ['dkLen', 20]],
      ['object', ['N', 2], ['r', 1], ['p', 1], ['t', 1], ['m', 8], ['dkLen', 8]],
    ],
  },
}

export const CURRIED: Groups = {
  remeda: { modules: ['remeda'] },
  ramda: { modules: ['ramda'] },
  'date-fns': { modules: ['date-fns'] },
}

export const LARGE: Groups = {
  'es-toolkit': { modules: ['es-toolkit', 'es-toolkit/compat'] },
  'lodash-es': { modules: ['lodash-es'] },
}

export const MATHJS: Groups = {
  mathjs: {
    modules: ['mathjs'],
    except: [
      [/ createUnit$/, 'it keeps what it creates for later calls: that it is accepted is a fault'],
      [/ create[A-Z]\w+$/, 'factories, which throw without their dependencies; what they make is held'],
      [
        / (BigNumber|bignumber)$/,
        'its class shows `random`, which is left out with a warning, as a function of no parameter',
      ],
    ],
  },
}

/** CommonJS, by what Node's `import` gives of it. */
export const COMMON_JS: Groups = {
  semver: {
    modules: ['semver'],
    except: [
      [
        / Range$/,
        'its cache hands out comparators with the options of an earlier call: kept, with a warning',
      ],
    ],
    extra: ['1.2.3', '1.2.3-beta.4', '^1.2.0', '>=1.0.0 <2.0.0', '2.0.0'],
    extraShare: 0.7,
  },
  picomatch: { modules: ['picomatch'], extra: ['*.js', 'a/**/b', 'src/a.js', '!(a|b)'], extraShare: 0.6 },
  mnemonist: {
    modules: ['mnemonist'],
    except: [[/ PointerVector$/, 'its errors show the name of a function']],
  },
  'hash.js': {
    modules: ['hash/sha/256', 'hash/sha/512', 'hash/utils', 'hash/hmac'].map(
      (file) => `hash.js/lib/${file}.js`,
    ),
    except: [[/ inherits$/, "Node has `util.inherits`, which is absent here: the package's own is taken"]],
  },
}

const FP_TS_MODULES = installed('fp-ts/es6')
  .filter((file) => file.endsWith('.js') && file !== 'index.js')
  .map((file) => `fp-ts/es6/${file.slice(0, -3)}`)
const fpTs = (from: string, to: string): Group => ({
  modules: FP_TS_MODULES.filter((module) => {
    const name = module.slice('fp-ts/es6/'.length).toUpperCase()
    return from <= name && name < to
  }),
})

/** In parts, so that no file of tests takes long. */
export const FP_TS_A: Groups = { 'fp-ts A–N': fpTs('A', 'O') }
export const FP_TS_O: Groups = { 'fp-ts O–R': fpTs('O', 'S') }
export const FP_TS_S: Groups = { 'fp-ts S–Z': fpTs('S', 'ZZ') }

export const ALL: Groups = {
  ...SMALL,
  ...CURRIED,
  ...LARGE,
  ...MATHJS,
  ...COMMON_JS,
  ...FP_TS_A,
  ...FP_TS_O,
  ...FP_TS_S,
}
