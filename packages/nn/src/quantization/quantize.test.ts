import {
  ArgumentError,
  createReferenceBackend,
  Device,
  RandomStream,
  randomUniform,
  relu,
  sub,
  sum,
  type Tensor,
  valueAndGrad,
} from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import {
  Embedding,
  type Initialization,
  Linear,
  Module,
  ModuleError,
  quantize,
  QuantizedLinear,
  tied,
} from '../index.ts'

function initialize(seed = 1): Initialization {
  return { device: new Device(createReferenceBackend()), random: new RandomStream(seed) }
}

class Model extends Module {
  readonly embedding: Embedding
  readonly layers: readonly (Linear | QuantizedLinear)[]
  readonly named: ReadonlyMap<string, Linear | QuantizedLinear>
  readonly record: { readonly inner: Linear | QuantizedLinear }
  readonly output: Linear | QuantizedLinear

  constructor(init: Initialization) {
    super()
    const square = { inputSize: 8, outputSize: 8 }
    this.embedding = new Embedding(init, { vocabularySize: 5, width: 8 })
    this.layers = [new Linear(init, square), new Linear(init, { ...square, bias: false })]
    this.named = new Map([['with.dot', new Linear(init, square)]])
    this.record = { inner: new Linear(init, square) }
    this.output = new Linear(init, { inputSize: 8, outputSize: 5, weight: tied(this.embedding.table) })
  }

  forward(ids: Tensor): Tensor {
    return ids.device.scoped(() => {
      const layers = [...this.layers, ...this.named.values(), this.record.inner]
      const embedded = this.embedding.forward(ids)
      return this.output.forward(layers.reduce((hidden, layer) => relu(layer.forward(hidden)), embedded))
    })
  }
}

const quantizable = ['layers.0', 'layers.1', 'named.with.dot', 'record.inner']
const ids = (device: Device): Tensor => device.tensor(new Int32Array([0, 3, 4]), { shape: [1, 3] })

describe('a model', () => {
  test('has its linear layers replaced wherever they stand, but for those that share a weight', async () => {
    const model = new Model(initialize())
    expect(await quantize(model)).toEqual({ quantized: quantizable, shared: ['output'] })
    const kinds = [...model.modules()].map(([path, module]) => `${path} ${module.constructor.name}`)
    expect(kinds.slice(1)).toEqual([
      'embedding Embedding',
      ...quantizable.map((path) => `${path} QuantizedLinear`),
      'output Linear',
    ])
    expect(
      [...model.state()].map(([path, { dtype, shape }]) => `${path} ${dtype} [${shape.join(', ')}]`),
    ).toEqual([
      'embedding.table float32 [5, 8]',
      'layers.0.bias float32 [8]',
      'named.with.dot.bias float32 [8]',
      'record.inner.bias float32 [8]',
      'output.bias float32 [5]',
      ...quantizable.flatMap((path) => [`${path}.weight int8 [8, 8]`, `${path}.scale float32 [8, 1]`]),
    ])
  })

  test('computes nearly the same, and nearer in smaller blocks', async () => {
    const worst: number[] = []
    for (const blockSize of [undefined, 2]) {
      const init = initialize()
      const model = new Model(init)
      const before = await model.forward(ids(init.device)).read()
      await quantize(model, { blockSize })
      const after = await model.forward(ids(init.device)).read()
      worst.push(Math.max(...before.map((value, index) => Math.abs(value - after[index]!))))
      expect(Math.max(...before.map((value) => Math.abs(value)))).toBeGreaterThan(0.5)
    }
    expect(worst[0]).toBeGreaterThan(0)
    expect(worst[0]).toBeLessThan(0.02)
    expect(worst[1]).toBeLessThan(worst[0]!)
  })

  test('frees the float weights, and all of it when it is disposed', async () => {
    const init = initialize()
    const model = new Model(init)
    const before = init.device.memory()
    await quantize(model)
    const after = init.device.memory()
    expect(after.liveBuffers).toBe(before.liveBuffers + quantizable.length)
    expect(after.liveBytes).toBe(before.liveBytes - quantizable.length * (4 * 64 - 64 - 4 * 8))
    model.dispose()
    expect(init.device.memory().liveBuffers).toBe(0)
  })

  test('keeps what is not included', async () => {
    const model = new Model(initialize())
    const include = (path: string, layer: Linear): boolean =>
      path.startsWith('layers') && layer.bias !== undefined
    expect(await quantize(model, { include })).toEqual({ quantized: ['layers.0'], shared: [] })
    expect(model.layers[1]).toBeInstanceOf(Linear)
  })

  test('has nothing left to quantise the second time', async () => {
    const model = new Model(initialize())
    await quantize(model)
    expect(await quantize(model)).toEqual({ quantized: [], shared: ['output'] })
  })

  test('that owns a weight which another layer borrows keeps it', async () => {
    const init = initialize()
    class Twins extends Module {
      readonly first: Linear = new Linear(init, { inputSize: 2, outputSize: 2 })
      readonly second: Linear = new Linear(init, {
        inputSize: 2,
        outputSize: 2,
        weight: tied(this.first.weight),
      })
    }
    const model = new Twins()
    expect(await quantize(model)).toEqual({ quantized: [], shared: ['first', 'second'] })
    expect(model.first.weight.value.disposed).toBe(false)
  })
})

describe('the state of a quantised model', () => {
  test('goes into another one bit by bit', async () => {
    const first = new Model(initialize(1))
    const second = new Model(initialize(2))
    await quantize(first, { blockSize: 4 })
    await quantize(second, { blockSize: 4 })
    const state = await first.readState()
    expect(second.loadState(state)).toEqual({ missing: [], unexpected: [] })
    expect(await second.readState()).toEqual(state)
    expect(state.get('layers.0.weight')).toMatchObject({ dtype: 'int8', shape: [8, 8] })
  })

  test('does not fit a model that is not quantised, nor one of other blocks', async () => {
    const model = new Model(initialize())
    const state = await new Model(initialize()).readState()
    await quantize(model)
    expect(() => model.loadState(state)).toThrow("'layers.0.weight' has dtype float32, expected int8")
    const other = new Model(initialize())
    await quantize(other, { blockSize: 2 })
    const rows = await model.readState()
    expect(() => other.loadState(rows)).toThrow("'layers.0.scale' has shape [8, 1], expected [8, 4]")
  })

  test('moves to another device', async () => {
    const init = initialize()
    const model = new Model(init)
    await quantize(model)
    const before = await model.forward(ids(init.device)).read()
    const target = new Device(createReferenceBackend({ precision: 'float64' }))
    await model.moveTo(target)
    const after = await model.forward(ids(target)).read()
    for (const [index, value] of before.entries()) expect(after[index]).toBeCloseTo(value, 5)
  })
})

describe('training', () => {
  test('is refused', async () => {
    const init = initialize()
    const model = new Model(init)
    await quantize(model)
    model.train(new RandomStream(1))
    expect(() => model.forward(ids(init.device))).toThrow(ModuleError)
    expect(() => model.forward(ids(init.device))).toThrow(
      "QuantizedLinear: 'training' is on, expected evaluation, since weights of 8 bits cannot be trained. Call `model.evaluate()`",
    )
  })

  test('by what goes in is possible in evaluation', async () => {
    const { device, random } = initialize()
    const linear = new Linear({ device, random }, { inputSize: 4, outputSize: 3 })
    const x = randomUniform(device, [2, 4], { key: random.next() })
    const wanted = valueAndGrad(() => sum(linear.forward(x)), [x]).gradients[0]!
    const layer = await QuantizedLinear.fromLinear(linear)
    const { gradients } = valueAndGrad(() => sum(layer.forward(x)), [x])
    const difference = await sub(gradients[0]!, wanted).read()
    expect(Math.max(...difference.map((each) => Math.abs(each)))).toBeLessThan(3 * (0.5 / 127) * 0.5)
  })
})

describe('what cannot be quantised changes nothing', () => {
  async function failureOf(model: Model, blockSize?: number): Promise<Error> {
    const { device } = model.embedding.table
    const { liveBytes } = device.memory()
    const failure: unknown = await quantize(model, { blockSize }).catch((error: unknown) => error)
    expect(device.memory().liveBytes).toBe(liveBytes)
    expect([...model.modules().values()].some((module) => module instanceof QuantizedLinear)).toBe(false)
    expect(failure).toBeInstanceOf(Error)
    return failure as Error
  }

  test('a block size that does not divide a layer', async () => {
    const error = await failureOf(new Model(initialize()), 3)
    expect(error).toBeInstanceOf(ArgumentError)
    expect(error.message).toBe(
      "quantize: 'layers.0' cannot be quantised: blockSize is 3, expected a divisor of the 8 columns. Choose another one, such as 32 or 64, or leave it out for one scale per row. `include` can leave the layer out.",
    )
  })

  test('a weight that is not finite, in a later layer', async () => {
    const init = initialize()
    const model = new Model(init)
    const values = new Float32Array(64).fill(1)
    values[9] = Number.NaN
    model.loadState([['record.inner.weight', { dtype: 'float32', shape: [8, 8], data: values }]], {
      strict: false,
    })
    const { message } = await failureOf(model)
    expect(message).toContain(
      "quantize: 'record.inner' cannot be quantised: values hold NaN in row 1, column 1",
    )
  })

  test('a layer in a frozen list', async () => {
    const model = new Model(initialize())
    Object.freeze(model.layers)
    expect(await failureOf(model)).toMatchObject({ argument: 'layers.0', got: 'stands in a frozen object' })
  })

  test('a single layer, which nothing holds', async () => {
    const linear = new Linear(initialize(), { inputSize: 1, outputSize: 1 })
    await expect(quantize(linear)).rejects.toThrow(
      "quantize: 'model' is a Linear itself, expected a module that holds the layers to replace. Use `await QuantizedLinear.fromLinear(layer)`.",
    )
  })
})
