import {
  attention,
  type AttentionMask,
  type AttentionOptions,
  type Device,
  Device as DeviceClass,
  type HostArray,
  sum,
  type Tensor,
  valueAndGrad,
} from '@qkv/tensor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCpuBackend } from '../../../index.ts'
import {
  layouts,
  masks,
  maskTensors,
  outputsAndGradients,
  type Sizes,
  waves,
} from '../../../testing/attention-programs.ts'
import { compare } from '../../../testing/compare.ts'
import { splitFinely } from '../../../testing/split-finely.ts'

/** Lengths around those of panels and blocks of queries and keys. */
const sizes: fc.Arbitrary<Sizes> = fc.record({
  batch: fc.constantFrom(1, 2, 2, 3, 0),
  keyHeads: fc.integer({ min: 1, max: 2 }),
  group: fc.integer({ min: 1, max: 2 }),
  queries: fc.constantFrom(1, 3, 4, 5, 7, 8, 9, 31, 33, 65, 0),
  keys: fc.constantFrom(1, 2, 5, 7, 63, 64, 66, 130, 0),
  headSize: fc.constantFrom(1, 3, 4, 8, 13, 16),
  valueSize: fc.constantFrom(1, 2, 4, 8, 11, 20),
})

const blocksOfAll: AttentionMask = {
  kind: 'blocks',
  size: 32,
  table: Array.from({ length: 5 }, (_, row) =>
    Array.from({ length: 5 }, (_, column) => Number((row + column) % 3 > 0)),
  ),
}

/** Several stretches of keys for each query, most within a block of keys. */
const scatteredBlocks: AttentionMask = {
  kind: 'blocks',
  size: 8,
  table: Array.from({ length: 20 }, (_, row) =>
    Array.from({ length: 20 }, (_, column) => Number((row * 7 + column * 3) % 5 === 0)),
  ),
}

/** The tables of small masks do not reach as far as these lengths. */
const longMasks = masks
  .filter((mask) => !JSON.stringify(mask).includes('blocks'))
  .chain((mask) =>
    fc.constantFrom<AttentionMask>(
      mask,
      mask,
      blocksOfAll,
      scatteredBlocks,
      { kind: 'or', of: [mask, blocksOfAll] },
      { kind: 'and', of: [mask, scatteredBlocks] },
    ),
  )

const settings = fc.record({
  mask: longMasks,
  queryStart: fc.nat({ max: 70 }),
  shortened: fc.boolean(),
  bias: fc.constantFrom('none', 'full', 'heads', 'queries', 'keys', 'one'),
  sinks: fc.boolean(),
  softcap: fc.boolean(),
  dropped: fc.boolean(),
})

type Settings = typeof settings extends fc.Arbitrary<infer Value> ? Value : never

function optionsFor(size: Sizes, chosen: Settings): (device: Device) => AttentionOptions {
  const { batch, keyHeads, group, queries, keys } = size
  const heads = keyHeads * group
  const biasShapes: Readonly<Record<string, readonly number[]>> = {
    full: [batch, heads, queries, keys],
    heads: [heads, 1, keys],
    queries: [batch, 1, queries, 1],
    keys: [keys],
    one: [1],
  }
  const biasShape = biasShapes[chosen.bias]
  return (device) => ({
    mask: chosen.mask,
    masks: maskTensors(device, size),
    queryStart: chosen.queryStart,
    ...(chosen.shortened && {
      keyLengths: device.tensor(Int32Array.from({ length: batch }, (_, entry) => entry * 37)),
    }),
    ...(biasShape && { bias: waves(device, biasShape, 0.37) }),
    ...(chosen.sinks && { sinks: waves(device, [heads], 0.71) }),
    ...(chosen.softcap && { softcap: 1.5 }),
    ...(chosen.dropped && { dropout: { rate: 0.3, key: [11, 12] as const } }),
  })
}

test(
  'outputs and gradients agree with the definition around the lengths of blocks',
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(sizes, settings, layouts, (size, chosen, layout) => {
        const options = optionsFor(size, chosen)
        expect(compare((device) => outputsAndGradients(device, size, options, layout), 3e-5)).toBeNull()
      }),
      { numRuns: 100 },
    )
  },
)

describe('the bits do not depend on the count of threads', () => {
  splitFinely()

  test.each(['relaxed', 'plain'] as const)('in the build %s', { timeout: 60_000 }, async (simd) => {
    const devices = await Promise.all(
      [1, 2].map(async (threads) => {
        const backend = createCpuBackend({ simd, threads })
        await backend.ready()
        const { sharedMemory } = backend.description
        expect(backend.description.threads).toBe(sharedMemory ? threads : 1)
        return new DeviceClass(backend)
      }),
    )
    fc.assert(
      fc.property(sizes, settings, layouts, (size, chosen, layout) => {
        const options = optionsFor(size, chosen)
        const [alone, shared] = devices.map((device) =>
          device.scoped(() =>
            outputsAndGradients(device, size, options, layout).map((output) => bitsOf(output.readSync())),
          ),
        )
        expect(shared).toEqual(alone)
      }),
      { numRuns: 60 },
    )
    for (const device of devices) await device.dispose()
  })
})

function bitsOf({ buffer, byteOffset, byteLength }: HostArray): Int32Array {
  return new Int32Array(buffer.slice(byteOffset, byteOffset + byteLength))
}

describe('extreme scores', () => {
  const size: Sizes = { batch: 1, keyHeads: 2, group: 1, queries: 40, keys: 70, headSize: 8, valueSize: 8 }

  test('differences that float32 exponentials do not reach', () => {
    for (const queries of [1, 40]) {
      const own = { ...size, queries }
      for (const scale of [50, -400]) {
        const program = (device: Device): readonly Tensor[] =>
          outputsAndGradients(device, own, () => ({ mask: { kind: 'causal' }, scale, queryStart: 9 })).slice(
            0,
            2,
          )
        // Scores of some thousands have a rounding of 2e-4 in float32, and so have weights.
        expect(compare(program, 2e-3)).toBeNull()
      }
    }
  })

  test('biases of minus infinity mask, whole queries too', () => {
    for (const queries of [2, 40]) {
      const own = { ...size, queries }
      const bias = Float32Array.from({ length: queries * 70 }, (_, index) => {
        const [query, key] = [Math.floor(index / 70), index % 70]
        return query % 5 === 1 || key < query ? -Infinity : Math.sin(index)
      })
      const options = (device: Device): AttentionOptions => ({
        mask: { kind: 'all' },
        bias: device.tensor(bias, { shape: [queries, 70] }),
      })
      // The reference has no number for the gradient of a bias that is infinite.
      const program = (device: Device): readonly Tensor[] =>
        outputsAndGradients(device, own, options).slice(0, 5)
      expect(compare(program, 1e-5)).toBeNull()
    }
  })

  test('sinks far above and below all scores', () => {
    for (const sink of [-1000, 1000, -Infinity]) {
      const options = (device: Device): AttentionOptions => ({
        mask: { kind: 'window', left: 3, right: 0 },
        sinks: device.tensor([sink, sink / 2]),
      })
      const program = (device: Device): readonly Tensor[] =>
        outputsAndGradients(device, size, options).slice(0, 2)
      expect(compare(program, 1e-5)).toBeNull()
    }
  })

  test('what lies in unused keys does not matter', () => {
    const device = new DeviceClass(createCpuBackend({ threads: 1 }))
    for (const queries of [1, 9]) {
      const [clean, dirty] = [0, Number.NaN].map((filler) =>
        device.scoped(() => {
          const query = waves(device, [1, 1, queries, 8], 1.7)
          const cache = (seed: number): Tensor => {
            const data = waves(device, [1, 1, 20, 8], seed).readSync() as Float32Array
            return device.tensor(data.fill(filler, 8 * 13), { shape: [1, 1, 20, 8] })
          }
          const [key, value] = [cache(2.3), cache(3.1)]
          const keyLengths = device.tensor(new Int32Array([13]))
          const run = (): Tensor =>
            sum(attention(query, key, value, { mask: { kind: 'all' }, keyLengths }).output)
          return valueAndGrad(run, [query]).gradients.map((gradient) => gradient.readSync())
        }),
      )
      expect(dirty).toEqual(clean)
      expect(clean![0]!.some((value) => Number(value) !== 0)).toBe(true)
    }
  })
})

test.each(['relaxed', 'plain', 'none'] as const)(
  'a block table that is too short is refused, in the build %s',
  async (simd) => {
    const backend = createCpuBackend({ simd, threads: 1 })
    await backend.ready()
    const device = new DeviceClass(backend)
    const x = waves(device, [1, 1, 40, 4], 1.7)
    expect(() => attention(x, x, x, { mask: { kind: 'blocks', size: 16, table: [[1, 1, 1]] } })).toThrow(
      "attention: 'mask' has a table of 1 by 3 blocks of 16 positions, expected at least 3 by 3 blocks",
    )
    await device.dispose()
  },
)

test('values that a query masks out may be infinite where it keeps no key', () => {
  const program = (device: Device): readonly Tensor[] => {
    const x = waves(device, [1, 1, 3, 4], 1.7)
    const value = device.tensor(new Float32Array(12).fill(Infinity), { shape: [1, 1, 3, 4] })
    const none = device.tensor(new Uint8Array(3), { shape: [1, 1, 1, 3], dtype: 'bool' })
    const mask: AttentionMask = { kind: 'tensor', input: 0 }
    return [attention(waves(device, [1, 1, 1, 4], 2.1), x, value, { mask, masks: [none] }).output]
  }
  const device = new DeviceClass(createCpuBackend({ threads: 1 }))
  expect([...program(device)[0]!.readSync()]).toEqual([0, 0, 0, 0])
})
