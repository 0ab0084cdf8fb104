import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { mismatch } from '../conformance/matchers.ts'
import { Device } from '../device.ts'
import { avgPool2d } from './avg-pool2d.ts'
import { conv1d } from './conv1d.ts'
import { conv2d } from './conv2d.ts'
import { zeros } from './full.ts'
import { maxPool2d } from './max-pool2d.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const close = { absolute: 1e-12, relative: 1e-12 }

function numbers(length: number, seed: number): Float64Array {
  return Float64Array.from({ length }, (_, index) => Math.sin(index * 12.9898 + seed) * 2)
}

interface Layout {
  readonly batch: number
  readonly groups: number
  readonly perGroup: number
  readonly outPerGroup: number
  readonly height: number
  readonly width: number
  readonly kernel: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly padding: readonly [number, number]
  readonly dilation: readonly [number, number]
}

const pair = (min: number, max: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }))

const layouts: fc.Arbitrary<Layout> = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  groups: fc.integer({ min: 1, max: 3 }),
  perGroup: fc.integer({ min: 1, max: 2 }),
  outPerGroup: fc.integer({ min: 1, max: 2 }),
  height: fc.integer({ min: 5, max: 7 }),
  width: fc.integer({ min: 5, max: 7 }),
  kernel: pair(1, 3),
  stride: pair(1, 3),
  padding: pair(0, 2),
  dilation: pair(1, 2),
})

/** The definition: a loop per axis, reading zeros outside the image. */
function plainConv2d(x: Float64Array, weight: Float64Array, bias: Float64Array, layout: Layout): number[] {
  const { batch, groups, perGroup, outPerGroup, height, width, kernel, stride, padding, dilation } = layout
  const positions = (length: number, axis: 0 | 1): number =>
    Math.floor((length + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis]) + 1
  const result: number[] = []
  for (let image = 0; image < batch; image++)
    for (let out = 0; out < groups * outPerGroup; out++)
      for (let row = 0; row < positions(height, 0); row++)
        for (let column = 0; column < positions(width, 1); column++) {
          let total = bias[out]!
          for (let channel = 0; channel < perGroup; channel++)
            for (let i = 0; i < kernel[0]; i++)
              for (let j = 0; j < kernel[1]; j++) {
                const y = row * stride[0] - padding[0] + i * dilation[0]
                const z = column * stride[1] - padding[1] + j * dilation[1]
                if (y < 0 || y >= height || z < 0 || z >= width) continue
                const source = Math.floor(out / outPerGroup) * perGroup + channel
                total +=
                  x[((image * groups * perGroup + source) * height + y) * width + z]! *
                  weight[((out * perGroup + channel) * kernel[0] + i) * kernel[1] + j]!
              }
          result.push(total)
        }
  return result
}

describe('conv2d', () => {
  test('equals the loops of its definition, for any stride, padding, dilation and groups', () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        device.scoped(() => {
          const { batch, groups, perGroup, outPerGroup, height, width, kernel } = layout
          const xShape = [batch, groups * perGroup, height, width]
          const weightShape = [groups * outPerGroup, perGroup, ...kernel]
          const x = numbers(
            xShape.reduce((a, b) => a * b),
            1,
          )
          const weight = numbers(
            weightShape.reduce((a, b) => a * b),
            2,
          )
          const bias = numbers(groups * outPerGroup, 3)
          const result = conv2d(
            device.tensor(x, { shape: xShape }),
            device.tensor(weight, { shape: weightShape }),
            { ...layout, bias: device.tensor(bias) },
          )
          expect(mismatch(result.readSync(), plainConv2d(x, weight, bias, layout), close)).toBeNull()
        })
      }),
      { numRuns: 60 },
    )
  })

  test('names what does not fit', () => {
    const x = zeros(device, [1, 4, 5, 5])
    expect(() => conv2d(zeros(device, [4, 5, 5]), zeros(device, [2, 4, 3, 3]))).toThrow(
      "conv2d: 'x' has shape [4, 5, 5], expected [batch, channels, height, width]",
    )
    expect(() => conv2d(x, zeros(device, [2, 3, 3, 3]))).toThrow(
      "'weight' has shape [2, 3, 3, 3], expected [out, 4,",
    )
    expect(() => conv2d(x, zeros(device, [2, 4, 3, 3]), { groups: 3 })).toThrow("'groups' is 3")
    expect(() => conv2d(x, zeros(device, [2, 4, 3, 3]), { stride: [1, 0] })).toThrow("'stride' is [1, 0]")
    expect(() => conv2d(x, zeros(device, [2, 4, 3, 3]), { padding: [1] })).toThrow("'padding' is [1]")
    expect(() => conv2d(x, zeros(device, [2, 4, 3, 3]), { bias: zeros(device, [3]) })).toThrow("'bias'")
    expect(() => conv2d(x, zeros(device, [2, 4, 7, 7]))).toThrow("'size' is 7")
  })
})

test('conv1d is conv2d of one row', () => {
  const x = device.tensor(numbers(2 * 4 * 9, 5), { shape: [2, 4, 9] })
  const weight = device.tensor(numbers(6 * 2 * 3, 6), { shape: [6, 2, 3] })
  const options = { stride: 2, padding: 1, groups: 2 }
  const layout: Layout = {
    batch: 2,
    groups: 2,
    perGroup: 2,
    outPerGroup: 3,
    height: 1,
    width: 9,
    kernel: [1, 3],
    stride: [1, 2],
    padding: [0, 1],
    dilation: [1, 1],
  }
  const wanted = plainConv2d(numbers(72, 5), numbers(36, 6), new Float64Array(6), layout)
  const result = conv1d(x, weight, options)
  expect(result.shape).toEqual([2, 6, 5])
  expect(mismatch(result.readSync(), wanted, close)).toBeNull()
})

const inside = (window: readonly number[]): number[] => window.filter((value) => !Number.isNaN(value))

describe('pooling', () => {
  const values = numbers(5 * 4, 9)
  const image = device.tensor(values, { shape: [1, 1, 5, 4] })

  test('takes the largest and the mean of each window, padding included', () => {
    const windows: number[][] = []
    for (let row = -1; row <= 3; row += 2)
      for (let column = -1; column <= 1; column += 2) {
        const window: number[] = []
        for (let i = 0; i < 3; i++)
          for (let j = 0; j < 3; j++) {
            const [y, z] = [row + i, column + j]
            window.push(y < 0 || y >= 5 || z < 0 || z >= 4 ? NaN : values[y * 4 + z]!)
          }
        windows.push(window)
      }
    const options = { kernelSize: 3, stride: 2, padding: 1 }
    const largest = windows.map((window) => Math.max(...inside(window)))
    expect(mismatch(maxPool2d(image, options).readSync(), largest, close)).toBeNull()
    const means = windows.map((window) => inside(window).reduce((a, b) => a + b) / 9)
    expect(mismatch(avgPool2d(image, options).readSync(), means, close)).toBeNull()
  })

  test('moves by the kernel size unless said, and leaves out what does not fill a window', () => {
    expect(maxPool2d(image, { kernelSize: [2, 4] }).shape).toEqual([1, 1, 2, 1])
  })

  test('names what does not fit', () => {
    expect(() => maxPool2d(image, { kernelSize: 3, padding: 2 })).toThrow("maxPool2d: 'padding' is [2, 2]")
    expect(() => avgPool2d(zeros(device, [5, 4]), { kernelSize: 2 })).toThrow(
      "avgPool2d: 'x' has shape [5, 4]",
    )
  })
})
