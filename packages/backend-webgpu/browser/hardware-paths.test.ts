import { argmax, Device, iota, logSoftmax, max, min, slice, softmax, sum, type Tensor } from '@qkv/tensor'
import { compareWithReference } from '@qkv/tensor/conformance'
import { afterAll, describe, expect, test } from 'vitest'
import { createWebGpuBackend } from '../src/index.ts'
import { waves } from '../src/testing/arbitraries.ts'
import { longLinePrograms } from '../src/testing/long-line-programs.ts'
import { pretendedHardware, withoutFeatures } from '../src/testing/pretended-gpu.ts'

const hardware = pretendedHardware(navigator.gpu)

describe.each([
  { lanes: 'subgroups', gpu: hardware },
  { lanes: 'barriers', gpu: withoutFeatures(hardware) },
])('lanes that reduce by $lanes', async ({ lanes, gpu }) => {
  const backend = await createWebGpuBackend({ gpu })
  const device = new Device(backend)
  afterAll(() => device.dispose())

  test('the pretence works', () => {
    expect(backend.description).toMatchObject({
      vendor: 'pretended',
      isFallbackAdapter: false,
      subgroups: lanes === 'subgroups',
    })
  })

  describe.each([70, 2100])('lines of %i elements, shared between lanes', (width) => {
    test.each(Object.entries(longLinePrograms(width)))('%s', async (_, program) => {
      expect(await compareWithReference(device, program, 1e-4)).toBeNull()
    })
  })

  test.each([33, 63, 64, 65, 127, 257, 2049])('lines of %i elements, some of them special', async (width) => {
    const program = (on: Device): readonly Tensor[] => {
      const x = specialLines(on, width)
      return [
        max(x, { axis: 1 }),
        min(x, { axis: 1 }),
        sum(x, { axis: 1 }),
        argmax(x, { axis: 1 }),
        softmax(x),
        logSoftmax(x),
      ]
    }
    expect(await compareWithReference(device, program, 1e-4)).toBeNull()
  })

  test('two runs give the same bits', async () => {
    const run = (): Promise<readonly ArrayLike<number>[]> => {
      const outputs = device.scoped(() => {
        const x = waves(device, [5, 2049], 0.37)
        return [sum(x, { axis: 1 }), softmax(x), sum(x)]
      })
      return Promise.all(outputs.map((output) => output.read()))
    }
    expect(await run()).toEqual(await run())
  })

  test('more workgroups than one dimension takes', async () => {
    const count = 65_535 * 64 + 200
    const last = device.scoped(() => slice(iota(device, [count]), [{ start: count - 3, size: 3 }]))
    expect(await last.read()).toEqual(Int32Array.of(count - 3, count - 2, count - 1))
    last.dispose()
  })
})

/** Lines without special numbers, with -Infinity at the ends, of -Infinity alone, with Infinity, with NaN, and all alike. */
function specialLines(device: Device, width: number): Tensor {
  const data = new Float32Array(6 * width)
  for (let index = 0; index < width; index++) {
    for (let line = 0; line < 5; line++) data[line * width + index] = Math.sin(index * 0.7 + line)
    data[2 * width + index] = -Infinity
    data[5 * width + index] = 2
  }
  data[width] = -Infinity
  data[2 * width - 1] = -Infinity
  data[3 * width + 7] = Infinity
  data[5 * width - 1] = NaN
  return device.tensor(data, { shape: [6, width] })
}
