import { BackendError, Device, matmul } from '@qkv/tensor'
import { afterAll, describe, expect, test } from 'vitest'
import { createWebGpuBackend } from '../src/index.ts'
import { withoutFeatures } from '../src/testing/pretended-gpu.ts'

const adapter = (await navigator.gpu.requestAdapter())!
const lacking = !adapter.features.has('shader-f16')
const reason = 'this adapter does not offer shader-f16'

const [rows, inner, columns] = [70, 133, 90] as const

/** Factors whose elements are of all sizes around `size`, and a row of which is some thousand times smaller. */
function factors(sizes: readonly [number, number]): readonly [Float32Array, Float32Array] {
  const numbers = (length: number, size: number, seed: number): Float32Array =>
    Float32Array.from({ length }, (_, index) => Math.sin((index + 1) * seed) * size)
  const left = numbers(rows * inner, sizes[0], 1.3)
  for (let index = 0; index < inner; index++) left[index]! *= 1e-3
  return [left, numbers(inner * columns, sizes[1], 0.7)]
}

/** The largest error of a product, relative to the sum of the absolute values of what each element adds. */
function largestError(got: ArrayLike<number>, left: Float32Array, right: Float32Array): number {
  let largest = 0
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let [wanted, weight] = [0, 0]
      for (let step = 0; step < inner; step++) {
        const term = left[row * inner + step]! * right[step * columns + column]!
        wanted += term
        weight += Math.abs(term)
      }
      const error = Math.abs(got[row * columns + column]! - wanted) / weight
      // NaN is an error too.
      if (!(error <= largest)) largest = error
    }
  }
  return largest
}

async function productIn(
  device: Device,
  left: Float32Array,
  right: Float32Array,
): Promise<ArrayLike<number>> {
  return device
    .scoped(() =>
      matmul(
        device.tensor(left, { shape: [rows, inner] }),
        device.tensor(right, { shape: [inner, columns] }),
      ),
    )
    .read()
}

describe('products in float16', async () => {
  const device = lacking ? undefined : new Device(await createWebGpuBackend({ matmulPrecision: 'float16' }))
  afterAll(() => device?.dispose())

  test('a backend says so', ({ skip }) => {
    skip(lacking, reason)
    expect(device!.backend).toMatchObject({
      description: { matmulPrecision: 'float16' },
      capabilities: { relativeTolerance: 2e-3 },
    })
  })

  test.for([
    [1, 1],
    [1e-9, 1e-9],
    [1e6, 300],
    [1e-30, 1e30],
    [1e18, 1e18],
  ] as const)('elements around %f and %f are rounded, and do not overflow', async ([a, b], { skip }) => {
    skip(lacking, reason)
    const [left, right] = factors([a, b])
    const error = largestError(await productIn(device!, left, right), left, right)
    expect(error).toBeLessThan(2e-3)
    // Exact results would come from another kernel.
    expect(error).toBeGreaterThan(1e-6)
  })

  test('infinities and NaN stay in their rows, and zeros are exact', async ({ skip }) => {
    skip(lacking, reason)
    const [left, right] = [new Float32Array(rows * inner), new Float32Array(inner * columns).fill(1)]
    left[2 * inner] = Infinity
    left[3 * inner + 1] = NaN
    left[4 * inner + 2] = 70_000
    const product = await productIn(device!, left, right)
    const firstOfRows = [0, 1, 2, 3, 4].map((row) => product[row * columns])
    expect(firstOfRows.slice(0, 4)).toEqual([0, 0, Infinity, NaN])
    expect(Math.abs(firstOfRows[4]! - 70_000)).toBeLessThan(70_000 * 2 ** -11)
  })

  test('small products stay in float32', async ({ skip }) => {
    skip(lacking, reason)
    const product = matmul(device!.tensor([[1 + 2 ** -20]]), device!.tensor([[1]]))
    expect(await product.read()).toEqual(Float32Array.of(1 + 2 ** -20))
  })
})

describe('what cannot be opened', () => {
  test('float16 where the adapter does not offer it', async () => {
    const opening = createWebGpuBackend({
      gpu: withoutFeatures(navigator.gpu),
      matmulPrecision: 'float16',
    })
    await expect(opening).rejects.toThrow(BackendError)
    await expect(opening).rejects.toThrow(
      "webgpu: 'matmulPrecision' is 'float16', and the adapter does not offer shader-f16, expected an adapter with the feature shader-f16. Leave out `matmulPrecision`, or ask for 'float32'.",
    )
  })

  test('a precision that there is not', async () => {
    const opening = createWebGpuBackend({ matmulPrecision: 'f16' as 'float16' })
    await expect(opening).rejects.toThrow("'matmulPrecision' is 'f16', expected 'float32' or 'float16'")
  })

  test('float16 with a kernel that multiplies in float32', async () => {
    const opening = createWebGpuBackend({ matmul: 'direct', matmulPrecision: 'float16' })
    await expect(opening).rejects.toThrow(/is 'float16' with matmul: 'direct'.*Leave out `matmul`/)
  })

  test('subgroups where the adapter does not offer them', async () => {
    const opening = createWebGpuBackend({ gpu: withoutFeatures(navigator.gpu), matmul: 'subgroups' })
    await expect(opening).rejects.toThrow(/'matmul' is 'subgroups', and the adapter does not offer them/)
  })
})
