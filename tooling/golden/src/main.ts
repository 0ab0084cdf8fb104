#!/usr/bin/env node
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineCommand, runMain } from 'citty'
import { backendPlugins } from './backends.ts'
import { groupNames } from './load-group.ts'
import { formatReports } from './format-reports.ts'
import { runFolder } from './run.ts'

const ownCases = fileURLToPath(new URL('../cases', import.meta.url))

/** Ends with one sentence about what was asked for wrongly. */
function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(2)
}

const main = defineCommand({
  meta: { name: 'golden', description: 'Compares qkv with reference numbers from other libraries' },
  args: {
    folder: { type: 'positional', required: false, description: 'A folder of cases (our own unless said)' },
    backend: { type: 'string', default: 'reference', description: 'The backend that runs them' },
    json: { type: 'boolean', default: false, description: 'Prints the reports as JSON' },
  },
  async run({ args }) {
    const backend = backendPlugins.find(({ name }) => name === args.backend)
    if (!backend) {
      const known = backendPlugins.map(({ name }) => `'${name}'`).join(', ')
      refuse(`golden: '--backend' is '${args.backend}', expected one of ${known}.`)
    }
    const folder = args.folder ? resolve(args.folder) : ownCases
    if (!existsSync(folder) || !statSync(folder).isDirectory()) {
      refuse(`golden: '${args.folder}' is no folder, expected one with <group>.json files. Check the path.`)
    }
    if (groupNames(folder).length === 0) {
      refuse(
        `golden: '${args.folder}' has no groups, expected <group>.json files with cases. Check the path.`,
      )
    }
    const reports = await runFolder(folder, backend)
    process.stdout.write(args.json ? `${JSON.stringify(reports, null, 2)}\n` : formatReports(reports))
    if (Object.values(reports).some(({ failures }) => failures.length > 0)) process.exitCode = 1
  },
})

await runMain(main)
