#!/usr/bin/env node
import { explainError } from '../errors/explain-error.ts'
import { processIo } from './io.ts'
import { run } from './run.ts'

// Whoever reads the output may stop early (`qkv translate | head`): that is no failure.
process.stdout.on('error', (error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0)
  process.stderr.write(`error ${explainError(error).sentence}\n`)
  process.exit(1)
})

process.exitCode = await run(process.argv.slice(2), processIo())
