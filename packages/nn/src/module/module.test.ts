import { createReferenceBackend, Device, mul, RandomStream, sum, type Tensor, zeros } from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import {
  type Initialization,
  Linear,
  Module,
  moduleValueAndGrad,
  Parameter,
  constant,
  tied,
  Tied,
} from '../index.ts'
import { Buffer } from './buffer.ts'

function initialize(seed = 1): Initialization {
  return { device: new Device(createReferenceBackend()), random: new RandomStream(seed) }
}

class Block extends Module {
  readonly query: Linear
  readonly scale: Parameter
  readonly table: Buffer
  readonly mask: Buffer

  constructor(initialization: Initialization) {
    super()
    const { device } = initialization
    this.query = new Linear(initialization, { inputSize: 3, outputSize: 2 })
    this.scale = new Parameter(initialization, { shape: [2], initializer: constant(1) })
    this.table = new Buffer(device.tensor([1, 2, 3]), { persistent: false })
    this.mask = new Buffer(device.tensor([true, false]), { persistent: true })
  }

  forward(x: Tensor): Tensor {
    return mul(this.query.forward(x), this.scale.value)
  }
}

class Model extends Module {
  readonly layers: readonly Block[]
  readonly named: ReadonlyMap<string, Linear>
  readonly record: { readonly output: Linear; readonly note: string }
  readonly #reference: Linear

  constructor(initialization: Initialization) {
    super()
    this.layers = [new Block(initialization), new Block(initialization)]
    this.named = new Map([
      ['source', new Linear(initialization, { inputSize: 1, outputSize: 1, bias: false })],
    ])
    this.record = { output: new Linear(initialization, { inputSize: 2, outputSize: 1 }), note: 'not walked' }
    this.#reference = this.record.output
  }

  get reference(): Linear {
    return this.#reference
  }
}

class Holder extends Module {
  readonly first: unknown
  readonly second: unknown

  constructor(first: unknown, second: unknown) {
    super()
    this.first = first
    this.second = second
  }
}

describe('walking', () => {
  test('paths follow the fields, in their order', () => {
    const model = new Model(initialize())
    expect([...model.parameters().keys()]).toEqual([
      'layers.0.query.weight',
      'layers.0.query.bias',
      'layers.0.scale',
      'layers.1.query.weight',
      'layers.1.query.bias',
      'layers.1.scale',
      'named.source.weight',
      'record.output.weight',
      'record.output.bias',
    ])
    expect([...model.buffers().keys()]).toEqual([
      'layers.0.table',
      'layers.0.mask',
      'layers.1.table',
      'layers.1.mask',
    ])
    expect([...model.modules().keys()].slice(0, 3)).toEqual(['', 'layers.0', 'layers.0.query'])
    expect(model.reference).toBe(model.record.output)
  })

  test('counts elements of parameters, not of buffers', () => {
    expect(new Model(initialize()).parameterCount()).toBe(2 * (6 + 2 + 2) + 1 + (2 + 1))
  })

  test('frozen parameters are not trained', () => {
    const block = new Block(initialize())
    block.scale.trainable = false
    expect([...block.trainableParameters().keys()]).toEqual(['query.weight', 'query.bias'])
  })

  test('the summary lists path, shape, count and the total', () => {
    const block = new Block(initialize())
    block.scale.trainable = false
    expect(block.summary().split('\n')).toEqual([
      'Block             shape   count',
      'query.weight      [2, 3]      6',
      'query.bias        [2]         2',
      'scale             [2]         2  frozen',
      'table             [3]         3  buffer, not saved',
      'mask              [2]         2  buffer',
      'parameters                   10',
      'of these trained              8',
    ])
  })
})

describe('sharing', () => {
  test('a module repeated in a list is an error that names both paths', () => {
    const layer = new Linear(initialize(), { inputSize: 1, outputSize: 1 })
    const holder = new Holder([layer, layer, layer], undefined)
    expect(() => holder.parameters()).toThrow(
      "Holder: 'first.1' is the same Linear as 'first.0', expected a Linear of its own at each path.",
    )
    expect(() => holder.parameters()).toThrow('Array.from({ length: 4 }, () => new Linear(...))')
  })

  test('one parameter in two modules is an error that names both paths', () => {
    const { weight } = new Linear(initialize(), { inputSize: 1, outputSize: 1 })
    expect(() => new Holder(weight, { inner: weight }).state()).toThrow(
      "Holder: 'second.inner' is the same Parameter as 'first', expected a Parameter of its own at each path. Make two, or wrap the second use in `tied(...)`",
    )
  })

  test('a module that holds its parent is an error', () => {
    const children: unknown[] = []
    const parent = new Holder(children, undefined)
    children.push(parent)
    expect(() => parent.parameters()).toThrow("'first.0' is the same Holder as '(the module itself)'")
  })

  test('data that holds itself is walked once', () => {
    const data: { self?: object } = {}
    data.self = data
    expect(new Holder(data, undefined).parameters().size).toBe(0)
  })

  test('a tied parameter is owned by its first path, wherever the tied one stands', () => {
    const initialization = initialize()
    const first = new Linear(initialization, { inputSize: 3, outputSize: 2, bias: false })
    const weight = first.weight as Parameter
    const second = new Linear(initialization, { inputSize: 3, outputSize: 2, weight: tied(weight) })
    expect([...new Holder(first, second).parameters().keys()]).toEqual(['first.weight', 'second.bias'])
    expect([...new Holder(second, first).parameters().keys()]).toEqual(['first.bias', 'second.weight'])
    expect(new Holder(first, second).parameterCount()).toBe(8)
    expect(tied(second.weight)).toBeInstanceOf(Tied)
    expect(second.weight.value).toBe(weight.value)
  })

  test('a module alone lists the parameters that it borrows, and does not free them', () => {
    const initialization = initialize()
    const owner = new Linear(initialization, { inputSize: 3, outputSize: 2, bias: false })
    const weight = tied(owner.weight)
    const borrower = new Holder(
      new Linear(initialization, { inputSize: 3, outputSize: 2, bias: false, weight }),
      new Linear(initialization, { inputSize: 3, outputSize: 2, bias: false, weight }),
    )
    expect([...borrower.parameters().keys()]).toEqual(['first.weight'])
    borrower.dispose()
    expect(owner.weight.value.disposed).toBe(false)
  })

  test('the gradients of all uses of a tied parameter add up', async () => {
    const initialization = initialize()
    const { device } = initialization
    const first = new Linear(initialization, { inputSize: 1, outputSize: 1, bias: false })
    const second = new Linear(initialization, {
      inputSize: 1,
      outputSize: 1,
      bias: false,
      weight: tied(first.weight),
    })
    const x = device.tensor([[3]])
    const { gradients } = moduleValueAndGrad(new Holder(first, second), () =>
      sum(mul(first.forward(x), second.forward(x))),
    )
    const [weight] = await first.weight.value.read()
    expect([...gradients.keys()]).toEqual(['first.weight'])
    expect(await gradients.get('first.weight')!.item()).toBeCloseTo(2 * 9 * weight!, 5)
  })

  test('a tied weight of another shape is refused', () => {
    const initialization = initialize()
    const { weight } = new Linear(initialization, { inputSize: 3, outputSize: 2 })
    expect(() => new Linear(initialization, { inputSize: 2, outputSize: 3, weight: tied(weight) })).toThrow(
      "Linear: 'weight' is tied to a parameter of shape [2, 3], expected [outputSize, inputSize], which is [3, 2].",
    )
  })

  test('a bare tensor in a field is an error', () => {
    const { device } = initialize()
    expect(() => new Holder(device.tensor([1, 2]), 1).parameters()).toThrow(
      "Holder: 'first' holds a bare Tensor(float32 [2]), expected a Parameter or a Buffer",
    )
  })
})

test('training and evaluation reach the whole tree', () => {
  const model = new Model(initialize())
  const random = new RandomStream(5)
  expect(model.training).toBe(false)
  model.train(random)
  expect(model.layers[1]!.query.training).toBe(true)
  expect(model.layers[1]!.query.random).toBe(random)
  model.evaluate()
  expect([...model.modules().values()].some(({ training }) => training)).toBe(false)
})

test('moving takes parameters and buffers along and leaves nothing behind', async () => {
  const initialization = initialize()
  const model = new Model(initialization)
  const before = await model.readState()
  const target = new Device(createReferenceBackend({ precision: 'float64' }))
  await model.moveTo(target)
  expect(initialization.device.memory().liveBuffers).toBe(0)
  expect([...model.buffers().values()].every(({ device }) => device === target)).toBe(true)
  for (const [path, { data }] of await model.readState()) {
    expect([...data]).toEqual([...before.get(path)!.data])
  }
  model.dispose()
  expect(target.memory().liveBuffers).toBe(0)
})

test('gradients are named by path', async () => {
  const initialization = initialize()
  const block = new Block(initialization)
  const x = initialization.device.tensor([[1, 2, 3]])
  const { value, gradients } = moduleValueAndGrad(block, () => sum(block.forward(x)))
  expect([...gradients.keys()]).toEqual(['query.weight', 'query.bias', 'scale'])
  expect([...(await gradients.get('query.weight')!.read())]).toEqual([1, 2, 3, 1, 2, 3])
  const scale = await gradients.get('scale')!.read()
  expect(scale[0]! + scale[1]!).toBeCloseTo(await value.item(), 5)
})

test('a module without trainable parameters has no gradients', () => {
  const { device } = initialize()
  expect(() => moduleValueAndGrad(new Holder(1, 2), () => zeros(device, []))).toThrow(
    "moduleValueAndGrad: 'module' Holder has no trainable parameter",
  )
})

test('a training step leaves only parameters and buffers alive', () => {
  const initialization = initialize()
  const { device } = initialization
  const model = new Block(initialization)
  const before = device.memory()
  device.scoped(() => {
    const x = device.tensor([[1, 2, 3]])
    const { gradients } = moduleValueAndGrad(model, () => sum(model.forward(x)))
    for (const [path, parameter] of model.parameters()) {
      parameter.assign(mul(gradients.get(path)!, 0.1))
    }
  })
  expect(device.memory().liveBuffers).toBe(before.liveBuffers)
  expect(device.memory().liveBytes).toBe(before.liveBytes)
  model.dispose()
  expect(device.memory().liveBuffers).toBe(0)
})
