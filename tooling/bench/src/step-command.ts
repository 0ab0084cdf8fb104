import { type ArgsDef, type CommandDef, defineCommand } from 'citty'
import { measureTrainingStep } from './training-step.ts'

const numbers = {
  width: { default: '128', description: 'width of the model' },
  heads: { default: '4', description: 'attention heads' },
  layers: { default: '2', description: 'layers of the encoder, and of the decoder' },
  batch: { default: '32', description: 'sentence pairs per step' },
  length: { default: '16', description: 'tokens per sentence' },
  vocabularySize: { default: '1000', description: 'tokens in the vocabulary' },
  dropout: { default: '0.1', description: 'dropout rate' },
  steps: { default: '15', description: 'measured steps' },
  threads: { default: '1', description: 'threads that share the kernels' },
} as const

/** Where the time of a training step goes, for an encoder-decoder of any size. */
export const stepCommand: CommandDef = defineCommand<ArgsDef>({
  meta: { name: 'step', description: 'Measures training steps of an encoder-decoder on the CPU backend.' },
  args: {
    ...Object.fromEntries(
      Object.entries(numbers).map(([name, rest]) => [name, { type: 'string', ...rest } as const]),
    ),
    json: { type: 'boolean', default: false, description: 'print JSON' },
  },
  async run({ args }) {
    const values: Readonly<Record<string, unknown>> = args
    const read = (name: keyof typeof numbers): number => {
      const value = Number(values[name])
      if (Number.isFinite(value) && value >= 0) return value
      console.error(`bench: '--${name}' is '${String(values[name])}', expected a number of at least 0.`)
      return process.exit(2)
    }
    const result = await measureTrainingStep({
      width: read('width'),
      heads: read('heads'),
      layers: read('layers'),
      batch: read('batch'),
      length: read('length'),
      vocabularySize: read('vocabularySize'),
      dropout: read('dropout'),
      steps: read('steps'),
      threads: read('threads'),
    })
    if (values['json'] === true) {
      console.log(JSON.stringify(result, null, 2))
      return
    }
    const { parameters, milliseconds, tokensPerSecond, overhead, liveBuffers, kernels } = result
    const { median, low, high } = milliseconds
    console.log(`${parameters} parameters, ${liveBuffers} live buffers`)
    console.log(`step: ${median.toFixed(1)} ms (quartiles ${low.toFixed(1)} to ${high.toFixed(1)})`)
    console.log(`${tokensPerSecond.toFixed(0)} tokens/s, ${(overhead * 100).toFixed(1)} % outside of kernels`)
    for (const { op, calls, milliseconds } of kernels.slice(0, 12)) {
      const perStep = (milliseconds / read('steps')).toFixed(2)
      console.log(`  ${perStep.padStart(9)} ms  ${String(calls / read('steps')).padStart(5)} calls  ${op}`)
    }
  },
})
