import {
  add,
  type Device,
  Device as DeviceClass,
  donate,
  linear,
  matmul,
  slice,
  type Tensor,
  transpose,
} from '@qkv/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCpuBackend } from '../../index.ts'
import { compare, haveSameBits, type Numbers, toTensor } from '../../testing/compare.ts'

const values = [0.25, -1, 0.5, 2, -0.75, 1.25, -0.375, 1.5, -2.25, 0.125, 3]

function matrix(...shape: number[]): Numbers {
  return { shape, values }
}

/** Lengths around those of blocks: 120 rows, 512 steps, 256 columns, 8 rows that are read in place. */
const rows = fc.constantFrom(1, 2, 3, 8, 9, 16, 119, 121, 241)
const inner = fc.constantFrom(1, 5, 64, 511, 513)
const columns = fc.constantFrom(1, 2, 7, 31, 64, 65, 255, 261)
const sizes = fc.tuple(rows, inner, columns)

test('products whose lengths lie around those of blocks', () => {
  fc.assert(
    fc.property(sizes, fc.boolean(), fc.boolean(), ([m, k, n], turnA, turnB) => {
      const program = (device: Device): readonly Tensor[] => {
        const a = toTensor(device, turnA ? matrix(k, m) : matrix(m, k))
        const b = toTensor(device, turnB ? matrix(n, k) : matrix(k, n))
        return [matmul(turnA ? transpose(a) : a, turnB ? transpose(b) : b)]
      }
      expect(compare(program, 1e-3)).toBeNull()
    }),
    { numRuns: 40 },
  )
})

/** Irregular numbers: any other order of additions would show. */
function noise(device: Device, ...shape: number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  return device.tensor(
    Float32Array.from({ length: size }, (_, index) => Math.sin(index * index + 0.5)),
    { shape },
  )
}

test('the bits of a product do not depend on the count of threads', { timeout: 60_000 }, async () => {
  const program = (device: Device): readonly Tensor[] => [
    matmul(noise(device, 300, 530), noise(device, 530, 520)),
    matmul(transpose(noise(device, 530, 300)), noise(device, 530, 520)),
    matmul(noise(device, 3, 600), transpose(noise(device, 1030, 600))),
    matmul(noise(device, 5, 600), noise(device, 600, 1031)),
    matmul(noise(device, 24, 40, 90), noise(device, 24, 90, 70)),
    matmul(noise(device, 5, 130, 300), noise(device, 5, 300, 270)),
    linear(noise(device, 4, 600), noise(device, 1031, 600), noise(device, 1031)),
  ]
  const results = await Promise.all(
    [1, 2, 3].map(async (threads) => {
      const backend = createCpuBackend({ threads })
      await backend.ready()
      const device = new DeviceClass(backend)
      const outputs = device.scoped(() => program(device).map((output) => output.readSync()))
      await device.dispose()
      return outputs
    }),
  )
  for (const other of results.slice(1)) {
    for (const [index, output] of other.entries())
      expect(haveSameBits(output, results[0]![index]!), `product ${index}`).toBe(true)
  }
})

test('panels of a weight are kept from its second use until it is written or released', () => {
  const backend = createCpuBackend({ threads: 1 })
  const device = new DeviceClass(backend)
  const x = noise(device, 9, 40)
  let weight = noise(device, 30, 40)
  const used: number[] = []
  const use = (): Float32Array => {
    const output = device.scoped(() => linear(x, weight).readSync())
    used.push(backend.description.panelBytes)
    return output as Float32Array
  }
  const [first, second, third] = [use(), use(), use()]
  expect(used).toEqual([0, 40 * 32 * 4, 40 * 32 * 4])
  expect([second, third]).toEqual([first, first])

  const one = device.tensor(
    Float32Array.from({ length: 1200 }, () => 1),
    { shape: [30, 40] },
  )
  const { handle } = weight as unknown as { readonly handle: object }
  weight = add(donate(weight), one)
  expect((weight as unknown as { readonly handle: object }).handle).toBe(handle)
  expect(backend.description.panelBytes).toBe(0)
  const shift = (x.readSync() as Float32Array).slice(0, 40).reduce((sum, value) => sum + value, 0)
  expect(use()[0]).toBeCloseTo(first[0]! + shift, 3)
  expect(use()[0]).toBeCloseTo(first[0]! + shift, 3)
  weight.dispose()
  expect(backend.description.panelBytes).toBe(0)
})

test('few rows have panels from the first use on, and the same bits each time', () => {
  const backend = createCpuBackend({ threads: 1 })
  const device = new DeviceClass(backend)
  const weight = noise(device, 30, 43)
  for (const rows of [1, 2, 3, 8]) {
    const x = noise(device, rows, 43)
    const [first, second] = [1, 2].map(() => device.scoped(() => linear(x, weight).readSync()))
    expect(second).toEqual(first)
  }
  // Those of 8 columns, and the one of 32 for a single row.
  expect(backend.description.panelBytes).toBe(2 * 43 * 32 * 4)
  weight.dispose()
  expect(backend.description.panelBytes).toBe(0)
})

test.each(['relaxed', 'plain'] as const)(
  'a single row has the bits of a row among others: build %s',
  (simd) => {
    const device = new DeviceClass(createCpuBackend({ simd }))
    const lengths = fc.constantFrom(1, 3, 4, 7, 31, 32, 33, 70, 600)
    fc.assert(
      fc.property(lengths, lengths, fc.boolean(), (inner, columns, biased) => {
        device.scoped(() => {
          const weight = noise(device, columns, inner)
          const bias = biased ? [noise(device, columns)] : []
          const three = noise(device, 3, inner)
          const others = linear(three, weight, ...bias).readSync()
          const alone = linear(slice(three, [{ size: 1 }]), weight, ...bias).readSync()
          expect(alone).toEqual(others.subarray(0, columns))
        })
      }),
      { numRuns: 60 },
    )
  },
)

test('panels give way when the heap is full', () => {
  const backend = createCpuBackend({ threads: 1, memoryLimit: 4 * 2 ** 20 })
  const device = new DeviceClass(backend)
  const x = noise(device, 4, 256)
  const weight = noise(device, 512, 256)
  for (let use = 0; use < 2; use++) device.scoped(() => linear(x, weight))
  expect(backend.description.panelBytes).toBe(512 * 256 * 4)
  const wanted = device.scoped(() => linear(x, weight).readSync())
  const others: Tensor[] = []
  while (backend.description.panelBytes > 0) others.push(noise(device, 65_536))
  expect(others.length).toBeGreaterThan(8)
  for (const other of others.splice(0, 2)) other.dispose()
  expect(device.scoped(() => linear(x, weight).readSync())).toEqual(wanted)
})
