import { createReferenceBackend, Device, RandomStream, sum, valueAndGrad } from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import { Buffer, Linear, Module, StateError } from '../index.ts'

class Model extends Module {
  readonly input: Linear
  readonly output: Linear
  readonly positions: Buffer
  readonly steps: Buffer

  constructor(seed: number, precision: 'float32' | 'float64' = 'float32') {
    super()
    const device = new Device(createReferenceBackend({ precision }))
    const random = new RandomStream(seed)
    this.input = new Linear({ device, random }, { inputSize: 2, outputSize: 3 })
    this.output = new Linear({ device, random }, { inputSize: 3, outputSize: 1, bias: false })
    this.positions = new Buffer(device.tensor([1, 2]), { persistent: false })
    this.steps = new Buffer(device.tensor(new Int32Array([seed])), { persistent: true })
  }
}

const paths = ['input.weight', 'input.bias', 'output.weight', 'steps']

test('holds parameters and persistent buffers', () => {
  expect([...new Model(1).state().keys()]).toEqual(paths)
})

describe('a round trip', () => {
  test.each(['float32', 'float64'] as const)('through %s gives the same numbers', async (precision) => {
    const model = new Model(1, precision)
    const other = new Model(2, precision)
    const state = await model.readState()
    expect(await other.readState()).not.toEqual(state)
    const { liveBuffers } = other.steps.device.memory()
    expect(other.loadState(state)).toEqual({ missing: [], unexpected: [] })
    expect(await other.readState()).toEqual(state)
    expect(other.steps.device.memory().liveBuffers).toBe(liveBuffers)
  })
})

async function failureOf(change: (state: Map<string, unknown>) => void): Promise<StateError> {
  const model = new Model(1)
  const before = await model.readState()
  const state = await new Model(2).readState()
  change(state)
  let failure: unknown
  try {
    model.loadState(state)
  } catch (error) {
    failure = error
  }
  expect(await model.readState()).toEqual(before)
  expect(failure).toBeInstanceOf(StateError)
  return failure as StateError
}

describe('what does not fit changes nothing, and is listed', () => {
  test('a missing and a misspelled name, with the nearest one', async () => {
    const error = await failureOf((state) => {
      state.set('inputs.weight', state.get('input.weight'))
      state.delete('input.weight')
    })
    expect(error.message).toContain(
      "loadState: 'entries' lack 'input.weight'; have the unexpected 'inputs.weight' (did you mean 'input.weight'?), expected",
    )
    expect(error.missing).toEqual(['input.weight'])
    expect(error.unexpected).toEqual(['inputs.weight'])
  })

  test('another shape', async () => {
    const error = await failureOf((state) => {
      state.set('input.weight', { dtype: 'float32', shape: [2, 3], data: new Float32Array(6) })
    })
    expect(error.unfit).toEqual(["'input.weight' has shape [2, 3], expected [3, 2]"])
  })

  test('another dtype, a foreign array, and too few numbers', async () => {
    const error = await failureOf((state) => {
      state.set('input.weight', { dtype: 'float16', shape: [3, 2], data: new Uint16Array(6) })
      state.set('output.weight', { dtype: 'float32', shape: [1, 3], data: new Float64Array(3) })
      state.set('input.bias', { dtype: 'float32', shape: [3], data: new Float32Array(2) })
    })
    expect(error.unfit).toEqual([
      "'input.weight' has dtype float16, expected float32",
      "'input.bias' holds 2 numbers, expected 3",
      "'output.weight' holds a Float64Array, expected a Float32Array",
    ])
  })

  test('a long list is cut in the sentence, not in the fields', async () => {
    const error = await failureOf((state) => {
      for (let index = 0; index < 11; index++) state.set(`zzzz${index}`, state.get('steps'))
    })
    expect(error.message).toContain('and 3 more')
    expect(error.unexpected).toHaveLength(11)
  })
})

test('without `strict`, what matches is loaded and the rest is reported', async () => {
  const model = new Model(1)
  const state = await new Model(2).readState()
  const weight = state.get('output.weight')!
  const report = model.loadState(
    [
      ['output.weight', weight],
      ['elsewhere', weight],
    ],
    { strict: false },
  )
  expect(report).toEqual({ missing: ['input.weight', 'input.bias', 'steps'], unexpected: ['elsewhere'] })
  expect(await model.output.weight.value.read()).toEqual(weight.data)
})

test('refuses to load while gradients are recorded', async () => {
  const model = new Model(1)
  const state = await model.readState()
  const step = (): unknown =>
    valueAndGrad(() => {
      model.loadState(state)
      return sum(model.input.weight.value)
    }, [model.input.weight.value])
  expect(step).toThrow("loadState: 'value' would change while gradients are recorded")
})
