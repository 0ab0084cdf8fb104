import { createReferenceBackend, Device, RandomStream } from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import { zeros } from '../initializers/constant.ts'
import { Linear } from './linear.ts'

const device = new Device(createReferenceBackend())
const random = new RandomStream(1)

test('maps the last axis by x Wᵀ + b', async () => {
  const layer = new Linear({ device, random }, { inputSize: 2, outputSize: 3 })
  layer.loadState([
    ['weight', { dtype: 'float32', shape: [3, 2], data: new Float32Array([1, 2, 3, 4, 5, 6]) }],
    ['bias', { dtype: 'float32', shape: [3], data: new Float32Array([10, 20, 30]) }],
  ])
  const y = layer.forward(
    device.tensor([
      [
        [1, 1],
        [2, -1],
      ],
    ]),
  )
  expect(y.shape).toEqual([1, 2, 3])
  expect([...(await y.read())]).toEqual([13, 27, 41, 10, 22, 34])
})

test('starts within 1 / sqrt(inputSize), bias included', async () => {
  const layer = new Linear({ device, random }, { inputSize: 16, outputSize: 200 })
  for (const { value } of layer.parameters().values()) {
    const values = [...(await value.read())]
    expect(Math.max(...values)).toBeLessThanOrEqual(0.25)
    expect(Math.max(...values)).toBeGreaterThan(0.2)
    expect(Math.min(...values)).toBeLessThan(-0.2)
  }
})

test('the bias is left out on request', () => {
  const layer = new Linear({ device, random }, { inputSize: 2, outputSize: 3, bias: false })
  expect([...layer.parameters().keys()]).toEqual(['weight'])
})

const make =
  (...given: unknown[]) =>
  (): Linear =>
    Reflect.construct(Linear, given) as Linear

describe('wrong sizes are refused with the fix', () => {
  test.each([
    [
      make(512, 256),
      "Linear: 'initialization' is 512, expected { device, random }. Write `new Linear({ device",
    ],
    [make(), "Linear: 'initialization' is missing"],
    [
      make({ device, random }),
      "Linear: 'inputSize' is missing, expected a positive whole number. Write `new Linear(initialization, { inputSize: ..., outputSize: ... })`; sizes are never inferred",
    ],
    [make({ device, random }, { inputSize: 4 }), "Linear: 'outputSize' is missing"],
    [make({ device, random }, { inputSize: 0, outputSize: 4 }), "Linear: 'inputSize' is 0"],
    [make({ device, random }, { inputSize: 4, outputSize: 2.5 }), "Linear: 'outputSize' is 2.5"],
    [make({ device, random }, { inputSize: '4', outputSize: 2 }), "Linear: 'inputSize' is 4"],
  ])('%#', (construct, message) => {
    expect(construct).toThrow(message)
  })
})

test('an input of another width is refused', () => {
  const layer = new Linear({ device, random }, { inputSize: 2, outputSize: 3 })
  expect(() => layer.forward(device.tensor([[1, 2, 3]]))).toThrow('[3, 2]')
})

test('an initializer for all parameters replaces those of the layer, and draws nothing', async () => {
  const { position } = random.state
  const layer = new Linear({ device, random, initializer: zeros() }, { inputSize: 3, outputSize: 2 })
  const [weight, bias] = [...layer.parameters().values()]
  expect(await weight!.value.read()).toEqual(new Float32Array(6))
  expect(await bias!.value.read()).toEqual(new Float32Array(2))
  expect(random.state.position).toBe(position)
})
