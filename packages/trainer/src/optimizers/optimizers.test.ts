import { Parameter } from '@qkv/nn'
import {
  ArgumentError,
  createReferenceBackend,
  Device,
  RandomStream,
  ShapeError,
  type Tensor,
} from '@qkv/tensor'
import { createCpuBackend } from '@qkv/backend-cpu'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Adam, AdamW, decayMatrices, Lion, type Optimizer, SGD } from '../index.ts'

type Parameters = Map<string, Parameter>

function makeParameters(device: Device, values: Readonly<Record<string, readonly number[]>>): Parameters {
  const random = new RandomStream(1)
  return new Map(
    Object.entries(values).map(([path, data]) => {
      const shape = path === 'weight' ? [1, data.length] : [data.length]
      const initializer = (): Tensor => device.tensor(Float64Array.from(data), { shape })
      return [path, new Parameter({ device, random }, { shape, initializer })]
    }),
  )
}

/** One number at a time, in doubles: the parameter and what is remembered of it change in place. */
type Rule = (cell: { value: number; memory: number[] }, gradient: number, rate: number, count: number) => void

const rules: Record<string, { make: (parameters: Parameters) => Optimizer; rule: Rule }> = {
  adam: {
    make: (parameters) => new Adam(parameters, { beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.3 }),
    rule(cell, gradient, rate, count) {
      const slope = gradient + 0.3 * cell.value
      const [first = 0, second = 0] = cell.memory
      cell.memory = [0.8 * first + 0.2 * slope, 0.95 * second + 0.05 * slope ** 2]
      const mean = cell.memory[0]! / (1 - 0.8 ** count)
      const square = cell.memory[1]! / (1 - 0.95 ** count)
      cell.value -= (rate * mean) / (Math.sqrt(square) + 1e-6)
    },
  },
  'adam-w': {
    make: (parameters) => new AdamW(parameters, { beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.3 }),
    rule(cell, gradient, rate, count) {
      const [first = 0, second = 0] = cell.memory
      cell.memory = [0.8 * first + 0.2 * gradient, 0.95 * second + 0.05 * gradient ** 2]
      const mean = cell.memory[0]! / (1 - 0.8 ** count)
      const square = cell.memory[1]! / (1 - 0.95 ** count)
      cell.value = cell.value * (1 - rate * 0.3) - (rate * mean) / (Math.sqrt(square) + 1e-6)
    },
  },
  sgd: {
    make: (parameters) => new SGD(parameters, { momentum: 0.7, nesterov: true, weightDecay: 0.2 }),
    rule(cell, gradient, rate, count) {
      const slope = gradient + 0.2 * cell.value
      cell.memory = [count === 1 ? slope : 0.7 * cell.memory[0]! + slope]
      cell.value -= rate * (slope + 0.7 * cell.memory[0]!)
    },
  },
  lion: {
    make: (parameters) => new Lion(parameters, { beta1: 0.8, beta2: 0.9, weightDecay: 0.2 }),
    rule(cell, gradient, rate) {
      const [momentum = 0] = cell.memory
      cell.value = cell.value * (1 - rate * 0.2) - rate * Math.sign(0.8 * momentum + (1 - 0.8) * gradient)
      cell.memory = [0.9 * momentum + (1 - 0.9) * gradient]
    },
  },
}
const names = Object.keys(rules)
const makeOf = (name: string, parameters: Parameters): Optimizer => rules[name]!.make(parameters)

describe.each(names)('%s', (name) => {
  test('agrees with its formula, one number at a time', () => {
    const numbers = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(numbers, fc.array(numbers, { minLength: 1, maxLength: 5 }), (start, gradients) => {
        const device = new Device(createReferenceBackend({ precision: 'float64' }))
        const parameters = makeParameters(device, { weight: start })
        const optimizer = makeOf(name, parameters)
        const cells = start.map((value) => ({ value, memory: [] as number[] }))
        gradients.forEach((gradient, index) => {
          const rate = 0.1 / (index + 1)
          device.scoped(() => {
            const tensor = device.tensor(Float64Array.from(gradient), { shape: [1, 3] })
            optimizer.step(new Map([['weight', tensor]]), rate)
          })
          cells.forEach((cell, each) => rules[name]!.rule(cell, gradient[each]!, rate, index + 1))
        })
        const got = parameters.get('weight')!.value.readSync()
        cells.forEach(({ value }, index) => expect(got[index]).toBeCloseTo(value, 10))
        optimizer.dispose()
        parameters.get('weight')!.dispose()
        expect(device.memory().liveBuffers).toBe(0)
      }),
      { numRuns: 30 },
    )
  })

  test.each([
    ['reference', createReferenceBackend],
    ['cpu', createCpuBackend],
  ])('on %s a step makes no buffer that stays, and refuses no donation', (_backend, create) => {
    const device = new Device(create())
    const parameters = makeParameters(device, { weight: [1, 2], bias: [3] })
    const optimizer = makeOf(name, parameters)
    const before = device.memory()
    for (let step = 0; step < 3; step++) {
      device.scoped(() => {
        const gradients = new Map([
          ['weight', device.tensor([[0.5, -0.5]])],
          ['bias', device.tensor([0.25])],
        ])
        optimizer.step(gradients, 0.1)
      })
    }
    expect(device.memory()).toEqual(before)
  })

  test('a state that is read and loaded goes on bit by bit', async () => {
    const device = new Device(createReferenceBackend())
    const start = { weight: [1, -2], bias: [0.5] }
    const gradients = (step: number): Map<string, Tensor> =>
      new Map([
        ['weight', device.tensor([[Math.sin(step), Math.cos(3 * step)]])],
        ['bias', device.tensor([Math.sin(5 * step)])],
      ])
    const straight = makeParameters(device, start)
    const first = makeOf(name, straight)
    for (let step = 0; step < 3; step++) first.step(gradients(step), 0.1)

    const state = await first.readState()
    const copied = Object.fromEntries([...straight].map(([path, { value }]) => [path, [...value.readSync()]]))
    const resumed = makeParameters(device, copied)
    const second = makeOf(name, resumed)
    second.loadState({ arrays: state.arrays, values: JSON.parse(JSON.stringify(state.values)) as never })
    for (let step = 3; step < 6; step++) {
      first.step(gradients(step), 0.1)
      second.step(gradients(step), 0.1)
    }
    for (const [path, { value }] of straight) {
      expect(resumed.get(path)!.value.readSync()).toEqual(value.readSync())
    }
    expect(await second.readState()).toEqual(await first.readState())
  })

  test('a gradient that does not fit changes nothing', () => {
    const device = new Device(createReferenceBackend())
    const parameters = makeParameters(device, { bias: [1, 2] })
    const optimizer = makeOf(name, parameters)
    const fitting = device.tensor([1, 1])
    const step =
      (gradients: Map<string, Tensor>, rate = 0.1) =>
      () =>
        optimizer.step(gradients, rate)
    expect(step(new Map([['bias', device.tensor([1])]]))).toThrow(ShapeError)
    expect(
      step(
        new Map([
          ['bias', fitting],
          ['other', fitting],
        ]),
      ),
    ).toThrow(ArgumentError)
    expect(step(new Map([['bias', fitting]]), Number.NaN)).toThrow("'learningRate' is NaN")
    expect([...parameters.get('bias')!.value.readSync()]).toEqual([1, 2])
  })

  test('frozen parameters have no memory, and parameters without a gradient stay', async () => {
    const device = new Device(createReferenceBackend())
    const parameters = makeParameters(device, { weight: [1], bias: [2], frozen: [3] })
    parameters.get('frozen')!.trainable = false
    const optimizer = makeOf(name, parameters)
    optimizer.step(new Map([['weight', device.tensor([[1]])]]), 0.1)
    expect(parameters.get('weight')!.value.readSync()[0]).not.toBe(1)
    expect(parameters.get('bias')!.value.readSync()[0]).toBe(2)
    const { arrays } = await optimizer.readState()
    expect([...arrays.keys()].filter((path) => path.endsWith('frozen'))).toEqual([])
  })

  test('the decay rule leaves vectors out', () => {
    const device = new Device(createReferenceBackend())
    const options = { weightDecay: 0.5, decays: decayMatrices }
    const makers: Record<string, (parameters: Parameters) => Optimizer> = {
      adam: (parameters) => new Adam(parameters, options),
      'adam-w': (parameters) => new AdamW(parameters, options),
      sgd: (parameters) => new SGD(parameters, options),
      lion: (parameters) => new Lion(parameters, options),
    }
    const parameters = makeParameters(device, { weight: [1], bias: [1] })
    const optimizer = makers[name]!(parameters)
    optimizer.step(
      new Map([
        ['weight', device.tensor([[0]])],
        ['bias', device.tensor([0])],
      ]),
      0.1,
    )
    expect(parameters.get('weight')!.value.readSync()[0]).toBeLessThan(1)
    expect(parameters.get('bias')!.value.readSync()[0]).toBe(1)
  })
})

test('sgd without momentum remembers nothing', async () => {
  const device = new Device(createReferenceBackend())
  const optimizer = new SGD(makeParameters(device, { bias: [1] }))
  expect((await optimizer.readState()).arrays.size).toBe(0)
  expect(device.memory().liveBuffers).toBe(1)
})

test.each([
  [() => new Adam(new Map(), { beta1: 1 }), "Adam: 'beta1' is 1"],
  [() => new AdamW(new Map(), { weightDecay: -1 }), "AdamW: 'weightDecay' is -1"],
  [() => new SGD(new Map(), { nesterov: true }), "SGD: 'nesterov' is true with a momentum of 0"],
  [() => new Lion(new Map(), { beta2: Number.NaN }), "Lion: 'beta2' is NaN"],
])('a bad setting is an error %#', (make, message) => {
  expect(make).toThrow(ArgumentError)
  expect(make).toThrow(message)
})

test('a state without its step count is refused', () => {
  const optimizer = new AdamW(new Map())
  expect(() => optimizer.loadState({ arrays: [], values: {} })).toThrow("AdamW: 'values.steps' is missing")
})
