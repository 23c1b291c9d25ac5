// Plain JavaScript that any Node from 20 on can run, and npm's scripts begin with:
// installs what is missing, then runs a script of this checkout with the Node it needs.
// usage: node cli/setup.js [--with FOLDER]… SCRIPT [ARGUMENT…]
// FOLDER has a package.json and a lockfile of its own, and is installed as well.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { runWithNode } from './launch.js'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** The `packages` of a lockfile, or nothing when there is no such file. */
function lockedPackages(folder, file) {
  try {
    return JSON.parse(readFileSync(path.join(folder, file), 'utf8')).packages
  } catch {
    return undefined
  }
}

/** Whether every package that the lockfile of `folder` demands is installed in the version that it names. */
function isInstalled(folder) {
  const wanted = lockedPackages(folder, 'package-lock.json')
  const installed = lockedPackages(folder, 'node_modules/.package-lock.json')
  if (!installed) return false
  return Object.entries(wanted).every(
    ([place, { optional, version }]) =>
      place === '' || (optional && !installed[place]) || installed[place]?.version === version,
  )
}

/**
 * Runs `npm install` as the lockfile has it, with the npm that runs this script, its output shown.
 * Not `npm ci`: it fails where a registry lacks a package of a platform that is not this one.
 */
function install(folder) {
  console.error('mycel: installing what is missing (npm install) …')
  const options = { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] }
  const flags = [
    'install',
    '--no-save',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]
  const npm = process.env.npm_execpath
  const result = npm
    ? spawnSync(process.execPath, [npm, ...flags], options)
    : spawnSync('npm', flags, { ...options, shell: process.platform === 'win32' })
  if (result.status !== 0) {
    console.error('mycel: the installation failed; what npm said stands above')
    process.exit(1)
  }
}

const words = process.argv.slice(2)
const folders = [root]
while (words[0] === '--with') folders.push(path.resolve(root, words.splice(0, 2)[1]))
for (const folder of folders) if (!isInstalled(folder)) install(folder)
await runWithNode(path.resolve(root, words[0]), words.slice(1))
