import {
  cast,
  concat,
  copy,
  dequantize,
  Device,
  gather,
  pad,
  quantizedLinear,
  reshape,
  slice,
  type Tensor,
  transpose,
  where,
} from '@qkv/tensor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCpuBackend, type SimdBuild } from '../../index.ts'
import { builds, compare } from '../../testing/compare.ts'

interface Layer {
  readonly rows: number
  readonly inner: number
  readonly columns: number
  readonly blocks: number
  readonly biased: boolean
  readonly seed: number
}

/** Whole numbers that look random, from -128 to 127. */
function levelOf(index: number, seed: number): number {
  return ((((index + 1) * 2654435761 + seed * 40503) >>> 7) % 256) - 128
}

function inputsOf({ rows, inner, columns, blocks, seed }: Layer): {
  readonly x: Float32Array
  readonly weight: Int8Array
  readonly scale: Float32Array
  readonly bias: Float32Array
} {
  return {
    x: Float32Array.from({ length: rows * inner }, (_, index) => levelOf(index, seed) / 77),
    weight: Int8Array.from({ length: columns * inner }, (_, index) => levelOf(index, seed + 1)),
    scale: Float32Array.from({ length: columns * blocks }, (_, index) => 0.001 + 0.001 * (index % 3)),
    bias: Float32Array.from({ length: columns }, (_, index) => levelOf(index, seed + 2) / 50),
  }
}

function run(device: Device, layer: Layer, inputs = inputsOf(layer)): Tensor {
  const { rows, inner, columns, blocks, biased } = layer
  return quantizedLinear(
    device.tensor(inputs.x, { shape: [rows, inner] }),
    device.tensor(inputs.weight, { shape: [columns, inner] }),
    device.tensor(inputs.scale, { shape: [columns, blocks] }),
    { bias: biased ? device.tensor(inputs.bias) : undefined },
  )
}

/** Half a step of 16 bits in each element of a row, times the absolute weights, and rounding of float32 sums. */
function allowedError({ inner, blocks }: Layer, { x, weight, scale }: ReturnType<typeof inputsOf>): number {
  const largest = x.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  let worst = 0
  for (let start = 0; start < weight.length; start += inner) {
    let total = 0
    for (let index = start; index < start + inner; index++) {
      total += Math.abs(weight[index]!) * scale[Math.floor(index / (inner / blocks))]!
    }
    worst = Math.max(worst, total)
  }
  return worst * largest * (0.5 / 32767 + inner * 2 ** -23) + 1e-6
}

const layers: fc.Arbitrary<Layer> = fc
  .record({
    rows: fc.constantFrom(0, 1, 2, 3, 4, 5, 32, 33),
    // Around the columns of panels, and of vectors.
    columns: fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 8, 11, 15, 16, 17, 31, 33),
    blocks: fc.integer({ min: 1, max: 4 }),
    blockSize: fc.constantFrom(1, 3, 8, 15, 16, 17, 32, 33, 48, 64),
    biased: fc.boolean(),
    seed: fc.nat(1000),
  })
  .map(({ blockSize, ...rest }) => ({ ...rest, inner: rest.blocks * blockSize }))

test('any shape is within half a step of 16 bits of the truth', () => {
  fc.assert(
    fc.property(layers, (layer) => {
      const inputs = inputsOf(layer)
      expect(compare((device) => [run(device, layer, inputs)], allowedError(layer, inputs))).toBeNull()
    }),
    { numRuns: 300 },
  )
})

test('dequantize gives the very numbers of the definition', () => {
  fc.assert(
    fc.property(layers, ({ inner, columns, blocks, ...rest }) => {
      const { weight, scale } = inputsOf({ inner, columns, blocks, ...rest })
      const program = (device: Device): readonly Tensor[] => [
        dequantize(
          device.tensor(weight, { shape: [columns, inner] }),
          device.tensor(scale, { shape: [columns, blocks] }),
        ),
      ]
      expect(compare(program, 2 ** -24)).toBeNull()
    }),
  )
})

describe('whole-number sums do not overflow', () => {
  // The largest products there are, with the same sign, around the lengths after which sums are turned into floats.
  test.each([511, 512, 513, 1024, 1025, 5000, 16_384])('in %d columns', (inner) => {
    const layer = { rows: 5, inner, columns: 5, blocks: 1, biased: false, seed: 0 }
    const inputs = {
      ...inputsOf(layer),
      x: new Float32Array(layer.rows * inner).fill(3),
      weight: new Int8Array(layer.columns * inner).fill(-128),
      scale: new Float32Array(layer.columns).fill(0.5),
    }
    for (const rows of [1, 2, 4, 5]) {
      const x = inputs.x.subarray(0, rows * inner)
      expect(compare((device) => [run(device, { ...layer, rows }, { ...inputs, x })], 1e-5)).toBeNull()
    }
  })
})

describe('extreme rows', () => {
  const layer = { rows: 2, inner: 40, columns: 3, blocks: 2, biased: true, seed: 4 }

  test.each([
    ['infinite', Infinity],
    ['infinite', -Infinity],
    ['not a number', Number.NaN],
  ])('with an element that is %s give what the definition gives', (_, value) => {
    const inputs = inputsOf(layer)
    inputs.x[3] = value
    const wanted = compare((device) => [slice(run(device, layer, inputs), [{ start: 1 }, {}])], 2e-3)
    expect(wanted).toBeNull()
    expect(compare((device) => [run(device, layer, inputs)], 2e-3)).toBeNull()
  })

  test.each([0, 1e-45, 1e-38, 1e-30, 1e30])('of elements near %d', (size) => {
    const inputs = inputsOf(layer)
    const x = inputs.x.map((value) => value * size)
    const scale = inputs.scale.map((value) => value / Math.max(size, 1))
    const biased = { ...layer, biased: false }
    const allowed = allowedError(layer, inputs) * Math.min(size, 1) + 1e-33
    expect(compare((device) => [run(device, biased, { ...inputs, x, scale })], allowed)).toBeNull()
  })

  test('with one large element keep a step of 16 bits of it', () => {
    const inputs = inputsOf(layer)
    inputs.x[7] = 5000
    expect(compare((device) => [run(device, layer, inputs)], allowedError(layer, inputs))).toBeNull()
  })
})

test.each(builds)('a row has the same bits alone and among others: %s', (simd: SimdBuild) => {
  const device = new Device(createCpuBackend({ simd }))
  const layer = { rows: 7, inner: 100, columns: 6, blocks: 2, biased: true, seed: 9 }
  const inputs = inputsOf(layer)
  const together = run(device, layer, inputs).readSync()
  for (let row = 0; row < layer.rows; row++) {
    const x = inputs.x.subarray(row * layer.inner, (row + 1) * layer.inner)
    const alone = run(device, { ...layer, rows: 1 }, { ...inputs, x }).readSync()
    expect(alone).toEqual(together.slice(row * layer.columns, (row + 1) * layer.columns))
  }
})

test.each(['relaxed', 'plain'] as const)(
  'the bits do not depend on the count of threads: %s',
  async (simd) => {
    const shapes = [1, 3, 8, 40].map((rows) => ({
      rows,
      inner: 2048,
      columns: 301,
      blocks: 4,
      biased: true,
      seed: rows,
    }))
    const results = await Promise.all(
      [1, 2].map(async (threads) => {
        const backend = createCpuBackend({ simd, threads })
        await backend.ready()
        const device = new Device(backend)
        const outputs = shapes.map((layer) => device.scoped(() => run(device, layer).readSync()))
        await device.dispose()
        return outputs
      }),
    )
    expect(results[1]).toEqual(results[0])
  },
)

test('panels of a weight are kept until it is written or released', () => {
  const backend = createCpuBackend({ threads: 1 })
  const device = new Device(backend)
  const weight = device.tensor(new Int8Array(20 * 6).fill(3), { shape: [20, 6] })
  const scale = device.tensor(new Float32Array(20).fill(0.5), { shape: [20, 1] })
  const x = device.tensor(new Float32Array(6).fill(2), { shape: [1, 6] })
  const use = (by: Tensor): number =>
    device.scoped(() => (quantizedLinear(x, weight, by).readSync() as Float32Array)[0]!)
  expect([use(scale), use(scale)]).toEqual([expect.closeTo(18, 4), expect.closeTo(18, 4)])
  expect(backend.description.panelBytes).toBe(2 * 16 * 6)
  // Blocks of other lengths are other panels: those are not kept, and not mixed up.
  const blocks = device.tensor(new Float32Array(20 * 2).fill(0.25), { shape: [20, 2] })
  expect(use(blocks)).toBeCloseTo(9, 4)
  expect(use(scale)).toBeCloseTo(18, 4)
  expect(backend.description.panelBytes).toBe(2 * 16 * 6)
  weight.dispose()
  expect(backend.description.panelBytes).toBe(0)
})

test('without room for panels the bits are the same', () => {
  const layer = { rows: 3, inner: 512, columns: 300, blocks: 4, biased: true, seed: 5 }
  const outputs = [2 ** 30, 2 ** 19].map((memoryLimit) => {
    const backend = createCpuBackend({ threads: 1, memoryLimit })
    const device = new Device(backend)
    const output = device.scoped(() => {
      const first = run(device, layer)
      expect(backend.description.panelBytes > 0).toBe(memoryLimit === 2 ** 30)
      return first.readSync()
    })
    return output
  })
  expect(outputs[1]).toEqual(outputs[0])
})

test('elements of 8 bits are moved as they lie', () => {
  const program = (device: Device): readonly Tensor[] => {
    const x = device.tensor(
      Int8Array.from({ length: 60 }, (_, index) => levelOf(index, 3)),
      { shape: [3, 4, 5] },
    )
    const turned = transpose(x, { order: [2, 0, 1] })
    const moved = [
      x,
      copy(turned),
      concat([turned, turned], { axis: 1 }),
      pad(x, { before: [1, 0, 2], after: [0, 3, 1], value: -7 }),
      gather(x, device.tensor(new Int32Array([2, 0, 2])), { axis: 1 }),
      reshape(slice(x, [{}, { start: 3, step: -2 }, { start: 1 }]), [24]),
      where(device.tensor([[true], [false], [true], [false]]), x, slice(x, [{ start: 2 }, {}, {}])),
    ]
    return moved.map((each) => cast(each, 'float32'))
  }
  expect(compare(program)).toBeNull()
})
