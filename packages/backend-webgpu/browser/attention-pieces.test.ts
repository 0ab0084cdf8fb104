import { attention, type AttentionMask, type AttentionOptions, Device } from '@qkv/tensor'
import { compareWithReference } from '@qkv/tensor/conformance'
import { afterAll, describe, expect, test } from 'vitest'
import { createWebGpuBackend, describeWebGpuBackend } from '../src/index.ts'
import { waves } from '../src/testing/arbitraries.ts'
import type { Sizes } from '../src/testing/attention-arbitraries.ts'
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

describe('attention in pieces agrees with the reference', () => {
  test.each<[string, AttentionMask]>([
    ['causal', { kind: 'causal' }],
    ['window', { kind: 'window', left: 30, right: 2 }],
    ['window with sinks', { kind: 'window', left: 30, right: 0, sinks: 3 }],
    ['blocks', { kind: 'blocks', size: 16, table }],
    ['blocks and causal', { kind: 'and', of: [{ kind: 'causal' }, { kind: 'blocks', size: 16, table }] }],
  ])('under the mask %s', async (_, mask) => {
    const program = (on: Device) => outputsAndGradients(on, size, () => ({ mask, queryStart: 10 }))
    expect(await compareWithReference(device, program, 1e-4)).toBeNull()
  })

  test('with bias, sinks, soft cap, lengths and dropout', async () => {
    const options = (on: Device): AttentionOptions => ({
      mask: { kind: 'causal' },
      bias: waves(on, [4, 1, size.keys], 0.37),
      sinks: waves(on, [4], 0.71),
      softcap: 1.5,
      keyLengths: on.tensor(Int32Array.of(290)),
      dropout: { rate: 0.3, key: [11, 12] },
    })
    const program = (on: Device) => outputsAndGradients(on, size, options)
    expect(await compareWithReference(device, program, 1e-4)).toBeNull()
  })
})

test('a window over a long sequence never holds all scores', async () => {
  const length = 4096
  const { counters } = describeWebGpuBackend(device.backend)!
  const before = counters.pooledBytes
  device
    .scoped(() => {
      const x = waves(device, [1, 1, length, 4], 0.3)
      return attention(x, x, x, { mask: { kind: 'window', left: 64, right: 0 } }).output
    })
    .dispose()
  await device.synchronize()
  const kept = describeWebGpuBackend(device.backend)!.counters.pooledBytes - before
  expect(kept).toBeLessThan((4 * length * length) / 8)
})
