#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { defineCommand, runMain } from 'citty'
import { golden } from './command.ts'

const ownCases = fileURLToPath(new URL('../cases', import.meta.url))

const main = defineCommand({
  meta: { name: 'golden', description: 'Compares qkv with reference numbers from other libraries' },
  args: {
    folder: { type: 'positional', required: false, description: 'A folder of cases; ours unless given' },
    backend: { type: 'string', default: 'reference', description: 'The backend that computes' },
    json: { type: 'boolean', default: false, description: 'Prints the reports as JSON' },
  },
  async run({ args }) {
    const { status, output } = await golden({
      folder: args.folder ?? ownCases,
      backend: args.backend,
      json: args.json,
    })
    const stream = status === 2 ? process.stderr : process.stdout
    stream.write(output)
    process.exitCode = status
  },
})

await runMain(main)
