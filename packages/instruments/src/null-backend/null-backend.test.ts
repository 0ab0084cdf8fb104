import {
  add,
  type Backend,
  createReferenceBackend,
  Device,
  donate,
  matmul,
  mul,
  randomUniform,
  softmax,
  sum,
  transpose,
  valueAndGrad,
} from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import { createNullBackend } from './null-backend.ts'

test('counts bytes and their peak', () => {
  const backend = createNullBackend()
  const device = new Device(backend)
  const x = device.tensor(new Float32Array(6), { shape: [2, 3] })
  const ids = device.tensor(new Int32Array(5))
  const keep = device.tensor([true, false, true])
  expect(backend.memory()).toEqual({ liveBuffers: 3, liveBytes: 24 + 20 + 3, peakBytes: 47 })
  const square = matmul(x, transpose(x))
  expect(square.shape).toEqual([2, 2])
  expect(backend.memory()).toEqual({ liveBuffers: 4, liveBytes: 47 + 16, peakBytes: 63 })
  for (const tensor of [ids, keep, square]) tensor.dispose()
  expect(backend.memory()).toEqual({ liveBuffers: 1, liveBytes: 24, peakBytes: 63 })
  backend.resetPeak()
  expect(backend.memory().peakBytes).toBe(24)
})

test('writes into a donated buffer of the right size', () => {
  const backend = createNullBackend()
  const device = new Device(backend)
  const x = device.tensor([1, 2])
  const y = device.tensor([3, 4])
  add(donate(x), y)
  expect(backend.memory()).toEqual({ liveBuffers: 2, liveBytes: 16, peakBytes: 16 })
  sum(donate(y))
  expect(backend.memory()).toEqual({ liveBuffers: 2, liveBytes: 12, peakBytes: 20 })
})

test('reading says that there are no values', async () => {
  const device = new Device(createNullBackend())
  const x = device.tensor([1])
  const message =
    "read: 'tensor' lives on the backend 'null', which has shapes but no values, expected a backend that computes."
  await expect(x.read()).rejects.toThrow(message)
  expect(() => x.readSync()).toThrow(message)
})

test('a model of a hundred billion numbers takes no memory', () => {
  const backend = createNullBackend()
  const device = new Device(backend)
  const weight = randomUniform(device, [320_000, 320_000], { key: [1, 2] })
  mul(weight, weight)
  expect(backend.memory().liveBytes).toBe(2 * 4 * 320_000 ** 2)
})

test('shape errors are those of any backend', () => {
  const device = new Device(createNullBackend())
  expect(() => matmul(device.tensor([[1, 2]]), device.tensor([[1, 2]]))).toThrow(
    "matmul: 'b' has shape [1, 2]",
  )
})

/** The peak of a training step, watched from outside at every call. */
function watch(inner: Backend): { backend: Backend; peak: () => number } {
  let peak = 0
  const look = <Result>(result: Result): Result => {
    peak = Math.max(peak, inner.memory().liveBytes)
    return result
  }
  return {
    backend: {
      ...inner,
      run: (call) => look(inner.run(call)),
      upload: (data, spec) => look(inner.upload(data, spec)),
    },
    peak: () => peak,
  }
}

function trainingStep(device: Device): void {
  device.scoped(() => {
    const x = randomUniform(device, [8, 16], { key: [1, 2] })
    const weight = randomUniform(device, [16, 4], { key: [3, 4] })
    const loss = (): ReturnType<typeof sum> => sum(mul(softmax(matmul(x, weight)), matmul(x, weight)))
    const { gradients } = valueAndGrad(loss, [weight])
    gradients[0]!.dispose()
  })
}

function withoutDonations(call: Parameters<Backend['run']>[0]): Parameters<Backend['run']>[0] {
  return {
    ...call,
    inputs: call.inputs.map(({ handle, spec, layout }) => ({ handle, spec, layout, donated: false })),
  }
}

describe('in place of another backend', () => {
  test('the peak is that of the backend itself', () => {
    const reference = watch(createReferenceBackend())
    trainingStep(new Device(reference.backend))
    // The reference backend never hands a donated buffer back.
    const backend = createNullBackend({ like: createReferenceBackend() })
    trainingStep(new Device({ ...backend, run: (call) => backend.run(withoutDonations(call)) }))
    expect(backend.memory().peakBytes).toBe(reference.peak())
    expect(backend.memory().liveBytes).toBe(0)
  })

  test('fused ops need less than their decompositions', () => {
    const decomposed = createNullBackend({ like: createReferenceBackend() })
    const fused = createNullBackend()
    trainingStep(new Device(decomposed))
    trainingStep(new Device(fused))
    expect(fused.memory().peakBytes).toBeLessThan(decomposed.memory().peakBytes)
  })
})

test('buffers are checked as on any backend', () => {
  const backend = createNullBackend()
  const handle = backend.upload(new Float32Array(1), { shape: [1], dtype: 'float32' })
  backend.release(handle)
  expect(() => backend.release(handle)).toThrow("null: 'handle' was released")
  expect(() => backend.release({ owner: 'cpu', byteLength: 4 })).toThrow("belongs to backend 'cpu'")
})
