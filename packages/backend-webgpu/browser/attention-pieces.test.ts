import { attention, type AttentionMask, type AttentionOptions, Device } from '@qkv/tensor'
import { compareWithReference } from '@qkv/tensor/conformance'
import { afterAll, describe, expect, test } from 'vitest'
import { createWebGpuBackend, describeWebGpuBackend } from '../src/index.ts'
import { waves } from '../src/testing/arbitraries.ts'
import { maskTensors, type Sizes } from '../src/testing/attention-arbitraries.ts'
import { outputsAndGradients } from '../src/testing/attention-program.ts'

const device = new Device(await createWebGpuBackend())
afterAll(() => device.dispose())

/** Long enough that masks which move with the query are worked on in pieces. */
const size: Sizes = {
  batch: 1,
  keyHeads: 2,
  group: 2,
  queries: 300,
  keys: 310,
  headSize: 4,
  valueSize: 3,
}

/** Every row of blocks keeps two, but for one that keeps none. */
const table = Array.from({ length: 20 }, (_, row) =>
  Array.from({ length: 20 }, (_, column) => Number(row !== 7 && (column === row || column === row - 3))),
)

const causal: AttentionMask = { kind: 'causal' }
const window: AttentionMask = { kind: 'window', left: 30, right: 2 }
const blocks: AttentionMask = { kind: 'blocks', size: 16, table }
/** Their keys have gaps, so that they are gathered. */
const gapped: AttentionMask = { kind: 'window', left: 30, right: 0, sinks: 3 }
const scattered: AttentionMask = {
  kind: 'and',
  of: [
    {
      kind: 'blocks',
      size: 16,
      table: table.map((row) => row.map((flag, key) => flag || Number(key === 2))),
    },
    { kind: 'tensor', input: 0 },
  ],
}

describe('attention in pieces agrees with the reference', () => {
  test.each<[string, AttentionMask]>([
    ['causal', causal],
    ['window', window],
    ['window with sinks', gapped],
    ['blocks', blocks],
    ['blocks and causal', { kind: 'and', of: [causal, blocks] }],
  ])('under the mask %s', async (_, mask) => {
    const program = (on: Device) => outputsAndGradients(on, size, () => ({ mask, queryStart: 10 }))
    expect(await compareWithReference(device, program, 1e-4)).toBeNull()
  })

  test.each<[string, string, AttentionMask]>([
    ['causal', 'with', causal],
    ['window with sinks', 'with', gapped],
    ['window with sinks', 'without', gapped],
    ['blocks and a tensor', 'without', scattered],
  ])('under the mask %s, with sinks, soft cap, lengths, dropout, and %s a bias', async (_, bias, mask) => {
    const options = (on: Device): AttentionOptions => ({
      mask,
      masks: maskTensors(on, size),
      ...(bias === 'with' && { bias: waves(on, [4, 1, size.keys], 0.37) }),
      sinks: waves(on, [4], 0.71),
      softcap: 1.5,
      keyLengths: on.tensor(Int32Array.of(290)),
      dropout: { rate: 0.3, key: [11, 12] },
    })
    const program = (on: Device) => outputsAndGradients(on, size, options)
    expect(await compareWithReference(device, program, 1e-4)).toBeNull()
  })
})

test('masks of one condition with a list of keys and without do not share a kernel', async () => {
  const short: Sizes = { ...size, queries: 20, keys: 20 }
  for (const [mask, own] of [
    [{ kind: 'window', left: 30, right: 0 }, size],
    [gapped, short],
    [gapped, size],
    [{ kind: 'window', left: 30, right: 0 }, short],
  ] as const satisfies readonly (readonly [AttentionMask, Sizes])[]) {
    const program = (on: Device) => outputsAndGradients(on, own, () => ({ mask }))
    expect(await compareWithReference(device, program, 1e-4)).toBeNull()
  }
})

test.each<[string, AttentionMask]>([
  ['a window', { kind: 'window', left: 64, right: 0 }],
  ['a window with sinks', { kind: 'window', left: 64, right: 0, sinks: 4 }],
])('%s over a long sequence never holds all scores', async (_, mask) => {
  const length = 4096
  const { counters } = describeWebGpuBackend(device.backend)!
  const before = counters.pooledBytes
  device
    .scoped(() => {
      const x = waves(device, [1, 1, length, 4], 0.3)
      return attention(x, x, x, { mask }).output
    })
    .dispose()
  await device.synchronize()
  const kept = describeWebGpuBackend(device.backend)!.counters.pooledBytes - before
  expect(kept).toBeLessThan((4 * length * length) / 8)
})
