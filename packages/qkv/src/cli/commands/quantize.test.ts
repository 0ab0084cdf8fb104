import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toFloat32 } from '@qkv/checkpoints'
import { readSafetensors, writeSafetensors } from '@qkv/checkpoints/files'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Finished, makeProject, runCli } from '../cli.test-helper.ts'

let folder: string
const trained = join('runs', 'translation')

beforeAll(async () => {
  folder = await makeProject({})
  const { stderr } = await runCli(['train'], { cwd: folder })
  if (stderr !== '') throw new Error(stderr)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function quantize(...rawArguments: string[]): Promise<Finished> {
  return runCli(['quantize', ...rawArguments], { cwd: folder })
}

async function read(model: string): ReturnType<typeof readSafetensors> {
  return readSafetensors(join(folder, model, 'model.safetensors'))
}

test('writes a folder whose layers have 8 bits, and tells the sizes', async () => {
  const { exitCode, stdout, stderr } = await quantize(trained, '--out', 'rows')
  expect([exitCode, stderr]).toEqual([0, ''])
  const { arrays, metadata } = await read('rows')
  const before = await read(trained)
  const weight = 'encoder.layers.0.selfAttention.query.weight'
  expect(arrays.get(weight)).toMatchObject({ dtype: 'int8', shape: [16, 16] })
  expect(arrays.get(weight.replace('weight', 'scale'))).toMatchObject({ dtype: 'float32', shape: [16, 1] })
  expect(arrays.get('targetEmbedding.table')).toEqual(before.arrays.get('targetEmbedding.table'))
  expect(metadata).toEqual(before.metadata)
  for (const [path, { dtype, data }] of arrays) {
    if (dtype !== 'int8') continue
    const scale = arrays.get(path.replace(/weight$/, 'scale'))!.data as Float32Array
    const wanted = before.arrays.get(path)!.data as Float32Array
    const columns = data.length / scale.length
    for (const [index, level] of data.entries()) {
      const step = scale[Math.floor(index / columns)]!
      expect(Math.abs(level * step - wanted[index]!)).toBeLessThanOrEqual(0.50001 * step)
    }
  }
  const [sizeBefore, sizeAfter] = await Promise.all(
    [trained, 'rows'].map(async (each) => (await stat(join(folder, each, 'model.safetensors'))).size),
  )
  expect(sizeAfter).toBeLessThan(sizeBefore!)
  for (const size of [sizeBefore!, sizeAfter!])
    expect(stdout).toContain(` ${size.toLocaleString('en-US')}  bytes`)
  const layers = [...arrays.values()].filter(({ dtype }) => dtype === 'int8').length
  expect(stdout).toContain(`${layers} layers in 8 bits`)
})

test('computes with the backend that is asked for, and says where it was not the first', async () => {
  const { stderr } = await quantize(trained, '--out', 'elsewhere', '--backend', 'webgpu,reference')
  expect(stderr).toMatch(/^backend: reference\n {2}not webgpu: /)
  const refused = await quantize(trained, '--out', 'nowhere', '--backend', 'nosuch')
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
  expect(refused.stderr).toContain("'backend' is 'nosuch', expected a known backend ('cpu', 'webgpu',")
})

test('--half stores what stays in floating point in two bytes', async () => {
  const { stdout } = await quantize(trained, '--out', 'half', '--half')
  expect(stdout).toContain('embeddings, norms and biases are float16')
  await quantize(trained, '--out', 'single')
  const { arrays } = await read('half')
  for (const [path, { dtype, shape, data }] of (await read('single')).arrays) {
    const stored = arrays.get(path)!
    expect([stored.dtype, stored.shape]).toEqual([dtype === 'int8' ? 'int8' : 'float16', shape])
    const values = Float32Array.from(stored.dtype === 'int8' ? stored.data : toFloat32(stored))
    const furthest = values.reduce(
      (most, value, index) =>
        Math.max(most, Math.abs(value - Number(data[index])) / (Math.abs(Number(data[index])) + 2 ** -14)),
      0,
    )
    expect(furthest).toBeLessThanOrEqual(dtype === 'int8' ? 0 : 2 ** -11)
  }
  const { stderr, exitCode } = await runCli(['translate', '--model', 'half', '我爱茶'], { cwd: folder })
  expect([stderr, exitCode]).toEqual(['', 0])
})

test('translate and evaluate take the folder like any other', async () => {
  await quantize(trained, '--out', 'blocks', '--block-size', '8')
  const description: unknown = JSON.parse(await readFile(join(folder, 'blocks', 'config.json'), 'utf8'))
  expect(description).toMatchObject({ quantization: { bits: 8, blockSize: 8 } })
  const { arrays } = await read('blocks')
  expect(arrays.get('encoder.layers.0.feedForward.up.scale')!.shape).toEqual([16, 2])
  const [before, after] = await Promise.all(
    [trained, 'blocks'].map(async (model) => {
      const command = ['evaluate', '--model', model, '--test', 'train.tsv', '--limit', '20', '--json']
      const { stdout, stderr } = await runCli(command, { cwd: folder })
      expect(stderr).toBe('')
      return JSON.parse(stdout) as { readonly loss: number }
    }),
  )
  expect(after!.loss).not.toBe(before!.loss)
  expect(Math.abs(after!.loss - before!.loss)).toBeLessThan(0.02)
  const { exitCode, stdout } = await runCli(['translate', '--model', 'blocks', '我爱茶'], { cwd: folder })
  expect([exitCode, stdout.split('\n').length]).toEqual([0, 2])
})

test('--json gives sizes and layers', async () => {
  const { stdout } = await quantize(trained, '--out', 'json', '--json')
  expect(JSON.parse(stdout)).toMatchObject({
    output: join(folder, 'json'),
    blockSize: null,
    bytesBefore: (await stat(join(folder, trained, 'model.safetensors'))).size,
    bytesAfter: (await stat(join(folder, 'json', 'model.safetensors'))).size,
    quantized: expect.arrayContaining(['decoder.layers.0.crossAttention.output']) as unknown,
  })
})

test('tied projections are named, and stay as they are', async () => {
  const project = await makeProject({})
  try {
    const config = JSON.parse(await readFile(join(project, 'qkv.config.json'), 'utf8')) as { model: object }
    config.model = { ...config.model, sharedEmbeddings: 'target-and-output' }
    await writeFile(join(project, 'qkv.config.json'), JSON.stringify(config))
    expect((await runCli(['train'], { cwd: project })).stderr).toBe('')
    const { stdout, stderr } = await runCli(['quantize', trained, '--out', 'int8'], { cwd: project })
    expect([stderr, stdout.includes('output stays float32: it shares its weight with an embedding')]).toEqual(
      ['', true],
    )
    const { exitCode } = await runCli(['translate', '--model', 'int8', '我爱茶'], { cwd: project })
    expect(exitCode).toBe(0)
  } finally {
    await rm(project, { recursive: true, force: true })
  }
})

describe('what is there is not lost', () => {
  test('a model in --out is replaced only with --force', async () => {
    await quantize(trained, '--out', 'taken')
    const again = await quantize(trained, '--out', 'taken', '--block-size', '4')
    expect(again.exitCode).toBe(1)
    expect(again.stderr).toMatch(
      /quantize: 'output' is .*taken, which holds config.json, model.safetensors.* already/,
    )
    expect((await read('taken')).arrays.get('output.scale')?.shape[1] ?? 1).toBe(1)
    const forced = await quantize(trained, '--out', 'taken', '--block-size', '4', '--force')
    expect([forced.exitCode, forced.stderr]).toEqual([0, ''])
    const scale = (await read('taken')).arrays.get('decoder.layers.0.feedForward.down.scale')
    expect(scale?.shape).toEqual([16, 4])
  })

  test('nor the run itself, nor another run', async () => {
    const before = await read(trained)
    const itself = await quantize(trained, '--out', trained, '--force')
    expect(itself.stderr).toContain('which is the model itself, expected a new or empty folder')
    await quantize(trained, '--out', 'other')
    const run = await quantize('other', '--out', trained, '--force')
    expect(run.stderr).toContain('quantised already, expected a model with float32 weights')
    await writeFile(join(folder, 'run.json'), '{}')
    const other = await quantize(trained, '--out', '.', '--force')
    expect(other.stderr).toContain('which holds a training run')
    expect([itself.exitCode, run.exitCode, other.exitCode]).toEqual([1, 1, 1])
    expect(await read(trained)).toEqual(before)
    await rm(join(folder, 'run.json'))
  })
})

describe('bad input is a sentence, and writes nothing', () => {
  test.each([
    [[], "qkv quantize: 'FOLDER' is missing, expected the folder of a trained model.", 2],
    [[trained], "qkv quantize: '--out' is missing, expected a folder for the quantised model.", 2],
    [
      [trained, '--out', 'new', '--block-size', '0'],
      "'--block-size' is '0', expected a whole number of at least 1",
      2,
    ],
    [['nowhere', '--out', 'new'], 'has no readable config.json', 1],
    [
      [trained, '--out', 'new', '--block-size', '5'],
      'cannot be quantised: blockSize is 5, expected a divisor of the 16 columns',
      1,
    ],
  ])('%j', async (rawArguments, sentence, exitCode) => {
    const finished = await quantize(...rawArguments)
    expect(finished.stderr).toContain(sentence)
    expect(finished).toMatchObject({ exitCode, stdout: '' })
    expect(await readdir(folder)).not.toContain('new')
  })

  test('weights that do not fit what config.json says', async () => {
    await quantize(trained, '--out', 'mixed')
    await writeSafetensors(join(folder, 'mixed', 'model.safetensors'), (await read(trained)).arrays)
    const { exitCode, stderr } = await runCli(['translate', '--model', 'mixed', '我'], { cwd: folder })
    expect(stderr).toContain('dtype float32, expected int8')
    expect(exitCode).toBe(1)
  })
})
