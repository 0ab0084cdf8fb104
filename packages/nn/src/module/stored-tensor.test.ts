import { createReferenceBackend, Device, donate, mul, RandomStream, sum, valueAndGrad } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { Buffer, constant, Parameter, uniform } from '../index.ts'

function makeParameter(): { device: Device; parameter: Parameter } {
  const device = new Device(createReferenceBackend())
  const random = new RandomStream(1)
  return { device, parameter: new Parameter({ device, random }, { shape: [2], initializer: constant(3) }) }
}

test('lives beyond the scopes that it was made in', async () => {
  const device = new Device(createReferenceBackend())
  const random = new RandomStream(1)
  const outer = device.scope()
  const inner = device.scope()
  const initializer = uniform({ low: 0, high: 1 })
  const parameter = new Parameter({ device, random }, { shape: [2], initializer })
  inner.dispose()
  outer.dispose()
  expect(await parameter.value.read()).toHaveLength(2)
  expect(device.memory().liveBuffers).toBe(1)
})

test('owns a dense buffer, so that an update may write into it', async () => {
  const { device, parameter } = makeParameter()
  expect(parameter.value.contiguous).toBe(true)
  parameter.assign(mul(donate(parameter.value), 2))
  expect(await parameter.value.read()).toEqual(new Float32Array([6, 6]))
  expect(device.memory().refusedDonations).toBe(0)
})

test('a buffer does not change with a view of what it was made from', async () => {
  const device = new Device(createReferenceBackend())
  const buffer = new Buffer(device.tensor([1, 2]), { persistent: true })
  expect(buffer.persistent).toBe(true)
  expect(device.memory().liveBuffers).toBe(1)
  buffer.dispose()
  expect(device.memory().liveBuffers).toBe(0)
})

test('assigning disposes the old value', async () => {
  const { device, parameter } = makeParameter()
  const before = parameter.value
  parameter.assign(device.tensor([1, 2]))
  expect(before.disposed).toBe(true)
  expect(await parameter.value.read()).toEqual(new Float32Array([1, 2]))
  parameter.assign(parameter.value)
  expect(parameter.value.disposed).toBe(false)
  expect(device.memory().liveBuffers).toBe(1)
})

test('refuses another shape, dtype or device', () => {
  const { device, parameter } = makeParameter()
  expect(() => parameter.assign(device.tensor([1, 2, 3]))).toThrow(
    "assign: 'tensor' has shape [3], expected the shape of the old value [2].",
  )
  expect(() => parameter.assign(device.tensor(new Int32Array(2)))).toThrow(
    "assign: 'tensor' has dtype int32, expected the dtype of the old value, float32.",
  )
  const other = new Device(createReferenceBackend())
  expect(() => parameter.assign(other.tensor([1, 2]))).toThrow("assign: 'tensor' lives on another device")
})

test('refuses to change while gradients are recorded', () => {
  const { device, parameter } = makeParameter()
  const step = (): unknown =>
    valueAndGrad(() => {
      parameter.assign(device.tensor([1, 2]))
      return sum(parameter.value)
    }, [parameter.value])
  expect(step).toThrow("assign: 'value' would change while gradients are recorded")
})
