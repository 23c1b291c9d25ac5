// Plain JavaScript that any Node from 20 on can run, and npm's scripts begin with:
// installs what is missing, then runs a script of this checkout with the Node it needs.
// usage: node cli/setup.js SCRIPT [ARGUMENT…]

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { runWithNode } from './launch.js'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** The `packages` of a lockfile, or nothing when there is no such file. */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages
  } catch {
    return undefined
  }
}

/** Whether every package that the lockfile demands is installed in the version that it names. */
function isInstalled() {
  const wanted = lockedPackages('package-lock.json')
  const installed = lockedPackages('node_modules/.package-lock.json')
  if (!installed) return false
  return Object.entries(wanted).every(
    ([place, entry]) => place === '' || entry.optional || installed[place]?.version === entry.version,
  )
}

/**
 * Runs `npm install` as the lockfile has it, with the npm that runs this script, its output shown.
 * Not `npm ci`: it fails where a registry lacks a package of a platform that is not this one.
 */
function install() {
  console.error('mycel: installing what is missing (npm install) …')
  const options = { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }
  const flags = ['install', '--no-save', '--include=dev', '--include=optional', '--no-audit', '--no-fund']
  const npm = process.env.npm_execpath
  const result = npm
    ? spawnSync(process.execPath, [npm, ...flags], options)
    : spawnSync('npm', flags, { ...options, shell: process.platform === 'win32' })
  if (result.status !== 0) {
    console.error('mycel: the installation failed; what npm said stands above')
    process.exit(1)
  }
}

if (!isInstalled()) install()
await runWithNode(path.resolve(root, process.argv[2]), process.argv.slice(3))
