#!/usr/bin/env node
import { launch } from './launch.js'

await launch(['remote-run', ...process.argv.slice(2)])
