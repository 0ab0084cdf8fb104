import {
  createReferenceBackend,
  Device,
  mul,
  randomUniform,
  RandomStream,
  type RandomStreamState,
  sub,
  sum,
  type Tensor,
} from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { describe, expect, test } from 'vitest'
import {
  ConvolutionalFeedForward,
  createFeedForward,
  Dropout,
  Embedding,
  feedForwards,
  type Initialization,
  type Layer,
  LayerNorm,
  Linear,
  moduleValueAndGrad,
  Parameter,
  RMSNorm,
  Sequential,
  uniform,
} from './index.ts'

interface Example {
  readonly create: (initialization: Initialization) => Layer
  readonly shape: readonly number[]
  /** Token ids for layers that look up. */
  readonly ids?: readonly number[]
}

const width = 4
const sequence = [2, 5, width]

const examples: Readonly<Record<string, Example>> = {
  Linear: { create: (init) => new Linear(init, { inputSize: width, outputSize: 3 }), shape: sequence },
  'Linear without bias': {
    create: (init) => new Linear(init, { inputSize: width, outputSize: 3, bias: false }),
    shape: sequence,
  },
  Embedding: {
    create: (init) => new Embedding(init, { vocabularySize: 6, width, scale: 'sqrt-width' }),
    shape: [2, 3],
    ids: [5, 0, 1, 5, 5, 2],
  },
  LayerNorm: { create: (init) => new LayerNorm(init, { width }), shape: sequence },
  'LayerNorm without bias': {
    create: (init) => new LayerNorm(init, { width, bias: false }),
    shape: sequence,
  },
  RMSNorm: { create: (init) => new RMSNorm(init, { width }), shape: sequence },
  Sequential: {
    create: (init) =>
      new Sequential([
        new LayerNorm(init, { width }),
        new Dropout({ rate: 0.3 }),
        new Linear(init, { inputSize: width, outputSize: 2 }),
      ]),
    shape: sequence,
  },
  'a convolution of an even size': {
    create: (init) =>
      new ConvolutionalFeedForward(init, {
        width,
        innerWidth: 3,
        kernelSize: 2,
        causal: false,
        activation: 'gelu',
      }),
    shape: sequence,
  },
  ...Object.fromEntries(
    feedForwards.map(({ name }): [string, Example] => [
      `feed-forward ${name}`,
      {
        create: (init) => createFeedForward(name, init, { width, innerWidth: 6, dropout: 0.3, causal: true }),
        shape: sequence,
      },
    ]),
  ),
}

function weightedSum(y: Tensor): Tensor {
  return sum(mul(y, sub(randomUniform(y.device, y.shape, { key: [8, 9] }), 0.3)))
}

describe.each(Object.entries(examples))('%s', (_, { create, shape, ids }) => {
  test('gradients of parameters and input equal finite differences', () => {
    const device = new Device(createReferenceBackend({ precision: 'float64' }))
    const random = new RandomStream(4)
    const layer = create({ device, random })
    const initializer = uniform({ low: -1, high: 1 })
    const input = new Parameter({ device, random }, { shape, initializer })
    const tokens = ids && device.tensor(new Int32Array(ids), { shape })
    // Scales of one would hide a gradient that forgets them.
    for (const parameter of layer.parameters().values()) {
      parameter.assign(initializer({ device, random }, parameter.shape))
    }
    const stream = new RandomStream(6)
    const start: RandomStreamState = stream.state
    layer.train(stream)
    const loss = (): Tensor => {
      stream.state = start
      return weightedSum(layer.forward(tokens ?? input.value))
    }

    const holder = new Sequential([layer])
    const watched = Object.assign(holder, ids ? {} : { input })
    const { gradients } = moduleValueAndGrad(watched, loss)
    expect(gradients.size).toBeGreaterThan(0)
    for (const [path, parameter] of watched.parameters()) {
      const values = parameter.value.readSync()
      const differences = Array.from(values, (value, index) => {
        const lossAt = (shifted: number): number => {
          values[index] = shifted
          parameter.assign(device.tensor(values, { shape: parameter.shape }))
          return device.scoped(() => loss().readSync()[0]!)
        }
        const difference = (lossAt(value + 1e-5) - lossAt(value - 1e-5)) / 2e-5
        lossAt(value)
        return difference
      })
      const found = mismatch(gradients.get(path)!.readSync(), differences, { absolute: 1e-7, relative: 1e-6 })
      expect({ path, found }).toEqual({ path, found: null })
    }
  })

  test('a training step leaves only parameters alive', () => {
    const device = new Device(createReferenceBackend())
    const random = new RandomStream(4)
    const layer = create({ device, random })
    layer.train(random)
    const { liveBuffers, liveBytes } = device.memory()
    expect(liveBuffers).toBe(layer.parameters().size)
    expect(liveBytes).toBe(4 * layer.parameterCount())
    device.scoped(() => {
      const x = ids
        ? device.tensor(new Int32Array(ids), { shape })
        : randomUniform(device, shape, { key: [1, 2] })
      const { gradients } = moduleValueAndGrad(layer, () => weightedSum(layer.forward(x)))
      for (const [path, parameter] of layer.parameters()) {
        parameter.assign(sub(parameter.value, gradients.get(path)!))
      }
      layer.evaluate()
      layer.forward(x)
    })
    expect(device.memory()).toMatchObject({ liveBuffers, liveBytes, lostTensors: 0 })
    layer.dispose()
    expect(device.memory().liveBuffers).toBe(0)
  })
})
