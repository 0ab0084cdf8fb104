import { relative } from 'node:path'
import { type TrainEvent, trainResolved, type TrainSummary } from '../../run/train.ts'
import { type Command, createCommand } from '../command.ts'
import { type Io, writeLine } from '../io.ts'
import { readWholeNumber } from '../read-option.ts'
import { readTrainingConfig } from '../read-settings.ts'
import { createTrainingReport } from '../training-report.ts'

/** Trains the model that a config describes. */
export const train: Command = createCommand({
  name: 'train',
  description: 'Train the model that qkv.config.ts describes.',
  example: 'qkv train --output runs/wide --steps 2000',
  args: {
    config: {
      type: 'string',
      valueHint: 'file',
      description: 'The config; qkv.config.* of this folder unless said.',
    },
    output: {
      type: 'string',
      valueHint: 'folder',
      description: 'Where the run is kept; what the config says unless said.',
    },
    backend: {
      type: 'string',
      valueHint: 'names',
      description: 'What to compute with, such as cpu, or several by preference: webgpu,cpu.',
    },
    steps: {
      type: 'string',
      valueHint: 'count',
      description: 'How many steps to train, instead of what the config says.',
    },
    seed: {
      type: 'string',
      valueHint: 'number',
      description: 'Another seed gives other weights to start from.',
    },
    resume: {
      type: 'boolean',
      description: 'Go on with the run in the output folder, from its last checkpoint.',
    },
    json: { type: 'boolean', description: 'Print every event as a line of JSON.' },
  },
  async run(args, io) {
    const flags = {
      config: args.config,
      output: args.output,
      backend: args.backend,
      steps: readWholeNumber('train', '--steps', args.steps, 1),
      seed: readWholeNumber('train', '--seed', args.seed, 0),
    }
    const config = await readTrainingConfig(flags, io)
    const abort = new AbortController()
    const stopListening = io.onInterrupt(() => {
      // Who cannot wait for the step to end loses what came after the last checkpoint, no more.
      if (abort.signal.aborted) process.exit(130)
      abort.abort()
      writeLine(io.stderr, '\nFinishing this step, then saving; press Ctrl-C again to stop at once.')
    })
    const report = args.json === true ? jsonReport(io) : createTrainingReport(io.stdout, io)
    try {
      const summary = await trainResolved(config, {
        resume: args.resume === true,
        signal: abort.signal,
        onEvent: (event) => report.show(event),
      })
      report.close()
      if (args.json === true)
        writeLine(io.stdout, JSON.stringify({ type: 'result', ...withoutTest(summary) }))
      else for (const line of conclude(summary, resumeCommand(flags), io)) writeLine(io.stdout, line)
      return summary.reason === 'aborted' ? 130 : 0
    } finally {
      report.close()
      stopListening()
    }
  },
})

function jsonReport({ stdout }: Io): { show(event: TrainEvent): void; close(): void } {
  return { show: (event) => writeLine(stdout, JSON.stringify(event)), close() {} }
}

function withoutTest({ test, ...summary }: TrainSummary): object {
  return { ...summary, testPairs: test.length }
}

function conclude({ reason, best, output }: TrainSummary, resume: string, io: Io): readonly string[] {
  const folder = relative(io.cwd, output) || output
  const model = best
    ? [
        `The model is in ${folder}: the one after step ${best.step}, with the validation ${best.metric} ${best.value.toFixed(4)}.`,
      ]
    : []
  if (reason === 'aborted') return [...model, `Saved. To go on: ${resume}`]
  return [...model, `Try it: qkv translate --model ${folder} "..."`]
}

/** The command that goes on with this run. */
function resumeCommand({
  config,
  output,
  backend,
  steps,
  seed,
}: Record<string, string | number | undefined>): string {
  const options = Object.entries({ config, output, backend, steps, seed })
  return [
    'qkv train --resume',
    ...options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`])),
  ].join(' ')
}
