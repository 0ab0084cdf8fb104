import { broadcastTo, Device, linear, matmul, slice, valueAndGrad, sum, mul, type Tensor } from '@qkv/tensor'
import { compareWithReference } from '@qkv/tensor/conformance'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { createWebGpuBackend, type MatmulVariant } from '../src/index.ts'
import { viewOf, waves } from '../src/testing/arbitraries.ts'
import { factorsUpTo, productOf } from '../src/testing/product-arbitraries.ts'

const device = new Device(await createWebGpuBackend())
afterAll(() => device.dispose())

test('products of random lengths, with either factor transposed', async () => {
  await fc.assert(
    fc.asyncProperty(factorsUpTo(21), async (sizes) => {
      expect(await compareWithReference(device, productOf(sizes))).toBeNull()
    }),
    { numRuns: 80 },
  )
})

const variants = [
  'naive',
  'direct',
  'tiled',
  'subgroups',
  'reduced',
] as const satisfies readonly MatmulVariant[]

describe.each(variants)('the %s product', async (variant) => {
  const own = new Device(await createWebGpuBackend({ matmul: variant }))
  afterAll(() => own.dispose())

  test.each([
    [64, 48, 80],
    [37, 29, 67],
    [5, 131, 300],
    [1, 3, 2],
  ])('of %i rows, %i inner steps and %i columns', async (rows, inner, columns) => {
    for (const views of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      const program = productOf({ batch: [2], rows, inner, columns, views })
      expect(await compareWithReference(own, program, 1e-4)).toBeNull()
    }
  })

  test('of random lengths', async () => {
    await fc.assert(
      fc.asyncProperty(factorsUpTo(13), async (sizes) => {
        expect(await compareWithReference(own, productOf(sizes))).toBeNull()
      }),
      { numRuns: 25 },
    )
  })

  test('of cut and stepped views, and of one matrix for a whole batch', async () => {
    const program = (on: Device): readonly Tensor[] => {
      const left = viewOf(on, [3, 9, 14], 1.3, 'cut')
      const right = broadcastTo(viewOf(on, [14, 11], 0.7, 'backwards'), [3, 14, 11])
      return [matmul(left, right), matmul(slice(left, [{ start: 1, size: 1 }]), slice(right, [{ size: 1 }]))]
    }
    expect(await compareWithReference(own, program)).toBeNull()
  })

  test('of a layer with bias, and its gradients', async () => {
    const program = (on: Device): readonly Tensor[] => {
      const inputs = [waves(on, [6, 20], 0.4), waves(on, [10, 20], 0.9), waves(on, [10], 1.7)] as const
      const layer = (): Tensor => linear(...inputs)
      const { gradients } = valueAndGrad(() => sum(mul(layer(), waves(on, [6, 10], 2.1))), inputs)
      return [layer(), ...gradients]
    }
    expect(await compareWithReference(own, program)).toBeNull()
  })

  test('keeps infinities and NaN where they belong', async () => {
    const x = new Float32Array(5 * 7).fill(1)
    x[0] = Infinity
    x[7] = NaN
    const ones = own.tensor(new Float32Array(7 * 6).fill(1), { shape: [7, 6] })
    const product = matmul(own.tensor(x, { shape: [5, 7] }), ones)
    const firstOfRows = (await product.read()).filter((_, index) => index % 6 === 0)
    expect([...firstOfRows]).toEqual([Infinity, NaN, 7, 7, 7])
  })
})
