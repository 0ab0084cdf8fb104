import { createReferenceBackend, Device, randomUniform, RandomStream, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { describe, expect, test } from 'vitest'
import {
  ConvolutionalFeedForward,
  createFeedForward,
  feedForwards,
  GatedFeedForward,
  MLP,
  type Module,
} from '../index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const initialization = { device, random: new RandomStream(1) }
const tolerance = { absolute: 1e-12, relative: 1e-12 }
const width = 3
const innerWidth = 5

function draw(shape: readonly number[]): Tensor {
  return randomUniform(device, shape, { key: [5, 6] })
}

/** The error function by its Taylor series. */
function erf(x: number): number {
  let term = x
  let total = x
  for (let n = 1; n < 60; n++) {
    term *= -(x * x) / n
    total += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * total
}

const formulas = {
  relu: (x: number) => (x > 0 ? x : 0),
  gelu: (x: number) => (x * (1 + erf(x / Math.SQRT2))) / 2,
  'gelu-tanh': (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  silu: (x: number) => x / (1 + Math.exp(-x)),
} as const

/** `W x + b` for one vector, as plain loops. */
async function affine(layer: MLP['up'], x: readonly number[]): Promise<number[]> {
  const weight = await layer.weight.value.read()
  const bias = layer.bias && (await layer.bias.value.read())
  const rows = layer.weight.shape[0]!
  return Array.from({ length: rows }, (_, row) =>
    x.reduce((total, value, column) => total + weight[row * x.length + column]! * value, bias?.[row] ?? 0),
  )
}

describe('an MLP', () => {
  test.each(['relu', 'gelu', 'gelu-tanh', 'silu'] as const)('with %s', async (activation) => {
    const layer = new MLP(initialization, { width, innerWidth, activation })
    const x = [0.3, -1.2, 0.9]
    const inner = (await affine(layer.up, x)).map((value) => formulas[activation](value))
    expect(
      mismatch(await layer.forward(device.tensor([[x]])).read(), await affine(layer.down, inner), tolerance),
    ).toBeNull()
  })

  test('without bias', () => {
    const layer = new MLP(initialization, { width, innerWidth, activation: 'relu', bias: false })
    expect([...layer.parameters().keys()]).toEqual(['up.weight', 'down.weight'])
  })
})

describe('a gated network', () => {
  test.each([
    ['swiglu', 'silu'],
    ['geglu', 'gelu'],
  ] as const)('with %s', async (gating, activation) => {
    const layer = new GatedFeedForward(initialization, { width, innerWidth, gating })
    const x = [0.3, -1.2, 0.9]
    const gate = (await affine(layer.gate, x)).map((value) => formulas[activation](value))
    const up = await affine(layer.up, x)
    const inner = gate.map((value, index) => value * up[index]!)
    expect(
      mismatch(await layer.forward(device.tensor([[x]])).read(), await affine(layer.down, inner), tolerance),
    ).toBeNull()
    expect(layer.parameterCount()).toBe(3 * width * innerWidth)
  })
})

/** The convolution as sums over neighbours: offset of the first neighbour from the position itself. */
async function convolve(layer: ConvolutionalFeedForward, x: Tensor, first: number): Promise<number[]> {
  const kernel = await layer.kernel.value.read()
  const bias = await layer.bias.value.read()
  const values = await x.read()
  const [, length, channels] = x.shape as [number, number, number]
  const size = layer.kernel.shape[2]!
  const rows: number[][] = []
  for (let position = 0; position < length; position++) {
    const inner = Array.from(bias, (start, output) => {
      let total = start
      for (let step = 0; step < size; step++) {
        const neighbour = position + first + step
        if (neighbour < 0 || neighbour >= length) continue
        for (let channel = 0; channel < channels; channel++) {
          total +=
            kernel[(output * channels + channel) * size + step]! * values[neighbour * channels + channel]!
        }
      }
      return formulas.relu(total)
    })
    rows.push(await affine(layer.down, inner))
  }
  return rows.flat()
}

describe('a convolutional network', () => {
  test.each([
    { kernelSize: 1, causal: false, first: 0 },
    { kernelSize: 3, causal: false, first: -1 },
    { kernelSize: 4, causal: false, first: -2 },
    { kernelSize: 3, causal: true, first: -2 },
    { kernelSize: 9, causal: false, first: -4 },
  ])('of size $kernelSize, causal: $causal', async ({ kernelSize, causal, first }) => {
    const layer = new ConvolutionalFeedForward(initialization, {
      width,
      innerWidth,
      kernelSize,
      causal,
      activation: 'relu',
    })
    const x = draw([1, 6, width])
    expect(mismatch(await layer.forward(x).read(), await convolve(layer, x, first), tolerance)).toBeNull()
  })

  test('of size 1 is an MLP', async () => {
    const convolutional = new ConvolutionalFeedForward(initialization, {
      width,
      innerWidth,
      kernelSize: 1,
      causal: false,
      activation: 'gelu',
    })
    const mlp = new MLP(initialization, { width, innerWidth, activation: 'gelu' })
    const [kernel, bias, weight, downBias] = [...(await convolutional.readState()).values()]
    mlp.loadState([
      ['up.weight', { ...kernel!, shape: [innerWidth, width] }],
      ['up.bias', bias!],
      ['down.weight', weight!],
      ['down.bias', downBias!],
    ])
    const x = draw([2, 4, width])
    expect(
      mismatch(await convolutional.forward(x).read(), [...(await mlp.forward(x).read())], tolerance),
    ).toBeNull()
  })
})

describe('by name', () => {
  const sizes = { width, innerWidth, dropout: 0.5 }

  test.each(feedForwards.map(({ name }) => name))(
    '%s keeps the shape and lets nothing leak from the future',
    async (name) => {
      const layer = createFeedForward(name, initialization, { ...sizes, causal: true })
      const x = draw([1, 4, width])
      const values = await x.read()
      const before = await layer.forward(x).read()
      expect(before).toHaveLength(values.length)
      values.fill(7, 2 * width)
      const after = await layer.forward(device.tensor(values, { shape: x.shape })).read()
      expect(after.slice(0, 2 * width)).toEqual(before.slice(0, 2 * width))
      expect(after.slice(2 * width)).not.toEqual(before.slice(2 * width))
    },
  )

  test('a convolution that need not be causal sees both sides', async () => {
    const layer = createFeedForward('convolutional', initialization, { ...sizes, causal: false })
    const values = await draw([1, 4, width]).read()
    const run = (): Promise<unknown> => layer.forward(device.tensor(values, { shape: [1, 4, width] })).read()
    const before = (await run()) as Float64Array
    values.fill(7, 3 * width)
    const after = (await run()) as Float64Array
    expect(after.slice(2 * width)).not.toEqual(before.slice(2 * width))
    expect(after.slice(0, 2 * width)).toEqual(before.slice(0, 2 * width))
  })

  test.each(feedForwards.map(({ name }) => name))(
    '%s drops inner activations while training only',
    async (name) => {
      const layer = createFeedForward(name, initialization, { ...sizes, causal: false })
      const x = draw([1, 4, width])
      const plain = await layer.forward(x).read()
      const dropouts = [...layer.modules().values()].filter((module: Module) => 'rate' in module)
      expect(dropouts).toHaveLength(1)
      layer.train(new RandomStream(1))
      expect(await layer.forward(x).read()).not.toEqual(plain)
      layer.evaluate()
      expect(await layer.forward(x).read()).toEqual(plain)
    },
  )

  test('names and sources are distinct and said', () => {
    expect(new Set(feedForwards.map(({ name }) => name)).size).toBe(feedForwards.length)
    expect(feedForwards.every(({ source }) => /\d{4}/u.test(source))).toBe(true)
  })

  test('one from elsewhere is taken as it is', () => {
    const layer = new MLP(initialization, { width, innerWidth, activation: 'relu' })
    const own = { name: 'own', source: 'nobody 2024', create: () => layer }
    expect(createFeedForward(own, initialization, { ...sizes, causal: false })).toBe(layer)
  })

  test('an unknown name is refused with the nearest', () => {
    expect(() => createFeedForward('swigl', initialization, { ...sizes, causal: false })).toThrow(
      "createFeedForward: 'kind' is 'swigl', expected one of 'relu', 'gelu', 'gelu-tanh', 'silu', 'swiglu', 'geglu', 'convolutional'. Did you mean 'swiglu'?",
    )
  })

  test('sizes are checked', () => {
    expect(() =>
      createFeedForward('relu', initialization, { ...sizes, innerWidth: 0, causal: false }),
    ).toThrow("MLP: 'innerWidth' is 0")
  })
})
