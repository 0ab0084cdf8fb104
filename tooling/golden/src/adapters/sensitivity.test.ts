import { fileURLToPath } from 'node:url'
import { createCpuBackend } from '@qkv/backend-cpu'
import { Device } from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import type { CaseResult } from '../adapter.ts'
import type { GoldenCase, GoldenGroup, GoldenTensor, GoldenTensors } from '../golden-case.ts'
import { loadGroup } from '../load-group.ts'
import { runCase } from '../run-case.ts'

const device = new Device(createCpuBackend())

/** In milliseconds; the slowest train a model, on machines that do other things too. */
const timeout = 60_000
const folder = fileURLToPath(new URL('../../cases', import.meta.url))

function groupOf(name: string): GoldenGroup {
  return loadGroup(folder, name)
}

/** One number of a section is off by more than any tolerance. */
function spoiled(tensors: GoldenTensors, name: string): GoldenTensors {
  const stored = tensors[name]!
  const data = stored.data.slice()
  data[data.length - 1] = Number(data.at(-1)) + 1 + 100 * stored.float32Error
  return { ...tensors, [name]: { ...stored, data } }
}

const sections = ['outputs', 'gradients', 'parameterGradients', 'finalParameters'] as const

describe.each(['attention', 'modules', 'models', 'decoding'])('%s', (name) => {
  const group = groupOf(name)
  // One case of each kind: those of one kind are compared alike. Where we differ, the stored numbers do not decide.
  const decided = group.cases.filter(({ flags }) => !flags.includes('convention'))
  const kinds = [...new Map(decided.map((testCase) => [testCase.op, testCase])).values()]
  const spots = kinds.flatMap((testCase) =>
    sections.flatMap((section) =>
      Object.entries(testCase[section])
        .filter(([, { data }]) => data.length > 0)
        .filter((_, index, all) => index === 0 || index === all.length - 1)
        .map(([key]) => [`${testCase.name}: ${section} ${key}`, testCase, section, key] as const),
    ),
  )
  test.each(spots)('a wrong number is found in %s', { timeout }, async (_, testCase, section, key) => {
    const wrong: GoldenCase = { ...testCase, [section]: spoiled(testCase[section], key) }
    expect((await runCase(wrong, group, device)).status).toBe('failed')
  })
})

describe('trajectory', () => {
  const group = groupOf('trajectory')
  const [testCase] = group.cases as [GoldenCase]

  test.each([
    ['outputs', 'grad_norm'],
    ['outputs', 'greedy_last_batch'],
    ['finalParameters', 'generator.weight'],
  ] as const)('a wrong number is found in %s %s', { timeout }, async (section, key) => {
    const wrong: GoldenCase = { ...testCase, [section]: spoiled(testCase[section], key) }
    expect((await runCase(wrong, group, device)).status).toBe('failed')
  })
})

describe('masks of PyTorch in other forms', () => {
  const group = groupOf('modules')
  const run = (testCase: GoldenCase): Promise<CaseResult> => runCase(testCase, group, device)
  const find = (wanted: string): GoldenCase =>
    group.cases.find(({ op, inputs }) => op === 'MultiheadAttention' && wanted in inputs)!
  const withInput = (testCase: GoldenCase, name: string, tensor: GoldenTensor): GoldenCase => ({
    ...testCase,
    inputs: { ...testCase.inputs, [name]: tensor },
  })
  /** Minus infinity where a key is masked out, 0 elsewhere. */
  const added = ({ shape, data }: GoldenTensor): GoldenTensor => ({
    dtype: 'f32',
    shape,
    data: Float32Array.from(data, (hidden) => (hidden ? -Infinity : 0)),
    float32Error: 0,
  })
  /** Once for each batch entry and head. */
  const perHead = ({ dtype, shape, data, float32Error }: GoldenTensor, rows: number): GoldenTensor => {
    const repeated = Array.from({ length: rows }, () => Array.from(data)).flat()
    const all = dtype === 'bool' ? Uint8Array.from(repeated) : Float32Array.from(repeated)
    return { dtype, shape: [rows, ...shape], data: all, float32Error }
  }
  const masked = find('attn_mask')
  const mask = masked.inputs['attn_mask']!
  const rows = masked.inputs['q']!.shape[0]! * Number(masked.attrs['num_heads'])
  const padded = find('key_padding_mask')

  test.each<[string, GoldenCase]>([
    ['an attention mask that is added', withInput(masked, 'attn_mask', added(mask))],
    ['one for each head', withInput(masked, 'attn_mask', perHead(mask, rows))],
    ['one for each head that is added', withInput(masked, 'attn_mask', perHead(added(mask), rows))],
    [
      'a padding mask that is added',
      withInput(padded, 'key_padding_mask', added(padded.inputs['key_padding_mask']!)),
    ],
  ])('%s', async (_, testCase) => {
    expect(await run(testCase)).toEqual({ status: 'passed' })
  })

  test('a mask for one head alone changes the result', async () => {
    const other = perHead(mask, rows)
    const data = Uint8Array.from(other.data)
    data.fill(0, 0, mask.data.length)
    const result = await run(withInput(masked, 'attn_mask', { ...other, data }))
    expect(result.status).toBe('failed')
  })
})

test('attributes that nothing maps are refused', async () => {
  const group = groupOf('modules')
  const testCase = group.cases[0]!
  const attrs = { ...testCase.attrs, add_zero_attn: true }
  expect(await runCase({ ...testCase, attrs }, group, device)).toEqual({
    status: 'failed',
    reason: 'attributes that are not mapped: add_zero_attn',
  })
})
