import { relative, resolve } from 'node:path'
import type { Device } from '@qkv/tensor'
import { UsageError } from '../../errors/usage-error.ts'
import { quantizeModel, type QuantizedModel } from '../../run/quantize-model.ts'
import { type Command, createCommand } from '../command.ts'
import { formatColumns, formatCount, plural } from '../format.ts'
import { writeLine } from '../io.ts'
import { modelArguments } from '../model-arguments.ts'
import { readWholeNumber } from '../read-option.ts'
import { readModelSettings } from '../read-settings.ts'
import { reportSelection } from '../report-selection.ts'

/** Writes a smaller and faster copy of a trained model. */
export const quantize: Command = createCommand({
  name: 'quantize',
  description: 'Copy a trained model with weights of 8 bits: smaller, and faster to translate with.',
  example: 'qkv quantize runs/translation --out runs/translation-int8',
  args: {
    folder: { type: 'positional', required: false, description: 'Folder of the trained model.' },
    out: { type: 'string', valueHint: 'folder', description: 'Where the quantised model goes.' },
    'block-size': {
      type: 'string',
      valueHint: 'columns',
      description: 'Columns of a weight that share a scale, such as 64; a whole row unless said.',
    },
    half: {
      type: 'boolean',
      description: 'Store what stays in floating point as float16: embeddings take half the bytes.',
    },
    force: { type: 'boolean', description: 'Replace a model that is in --out already.' },
    config: {
      type: 'string',
      valueHint: 'file',
      description: 'The config with its plugins; qkv.config.* of this folder, if there is one, unless said.',
    },
    backend: modelArguments.backend,
    json: { type: 'boolean', description: 'Print the sizes and the layers as JSON.' },
  },
  async run(args, io) {
    const blockSize = readWholeNumber('quantize', '--block-size', args['block-size'], 1)
    const folder = required('FOLDER', args.folder)
    const output = resolve(io.cwd, required('--out', args.out))
    const settings = await readModelSettings(
      { model: folder, config: args.config, backend: args.backend },
      io,
    )
    const { backend, plugins, project } = settings
    const half = args.half === true
    const onDevice = (device: Device): void => reportSelection(device, io)
    const options = {
      output,
      blockSize,
      half,
      force: args.force === true,
      backend,
      plugins,
      project,
      onDevice,
    }
    const result = await quantizeModel(settings.folder, options)
    if (args.json === true) writeLine(io.stdout, JSON.stringify({ model: settings.folder, ...result }))
    else writeLine(io.stdout, format(result, half ? 'float16' : 'float32', relative(io.cwd, output)))
  },
})

function format(
  { quantized, shared, bytesBefore, bytesAfter }: QuantizedModel,
  rest: 'float16' | 'float32',
  output: string,
): string {
  const share = ((100 * bytesAfter) / bytesBefore).toFixed(0)
  return [
    formatColumns([
      ['weights before', formatCount(bytesBefore), 'bytes'],
      ['weights after', formatCount(bytesAfter), `bytes, ${share} %`],
    ]),
    `${plural(quantized.length, 'layer')} in 8 bits; embeddings, norms and biases are ${rest}`,
    ...shared.map((path) => `${path} stays ${rest}: it shares its weight with an embedding`),
    `Next: qkv evaluate --model ${output} --test test.tsv`,
  ].join('\n')
}

function required(argument: string, value: string | undefined): string {
  if (value !== undefined) return value
  throw new UsageError({
    operation: 'qkv quantize',
    argument,
    got: 'is missing',
    expected: argument === '--out' ? 'a folder for the quantised model' : 'the folder of a trained model',
    fix: 'Write qkv quantize runs/translation --out runs/translation-int8.',
  })
}
