import {
  attention,
  type CompositeOp,
  createReferenceBackend,
  Device,
  donate,
  mul,
  sum,
  tag,
  type Tensor,
  valueAndGrad,
} from '@qkv/tensor'
import { createCpuBackend } from '@qkv/backend-cpu'
import { describe, expect, test } from 'vitest'
import { createNullBackend } from '../null-backend/null-backend.ts'
import { inspect } from './inspect.ts'

describe('tagged tensors', () => {
  test('are copied with site, occurrence and shape, in the order of computation', async () => {
    const device = new Device(createReferenceBackend())
    const x = device.tensor([[1, 2]])
    const { result, captures } = await inspect(
      device,
      () =>
        device.scoped(() => {
          const first = tag('model.hidden', mul(x, 2))
          tag('model.other', x)
          return tag('model.hidden', mul(first, 2))
        }),
      { sites: ['model.hidden'] },
    )
    expect(captures).toEqual([
      { site: 'model.hidden', occurrence: 0, shape: [1, 2], data: new Float32Array([2, 4]) },
      { site: 'model.hidden', occurrence: 1, shape: [1, 2], data: new Float32Array([4, 8]) },
    ])
    expect(await result.read()).toEqual(new Float32Array([4, 8]))
    result.dispose()
    x.dispose()
    expect(device.memory().liveBuffers).toBe(0)
  })

  test('keep their values although the program donates them', async () => {
    // This backend writes into donated buffers.
    const device = new Device(await createCpuBackend())
    const run = (): Tensor => {
      const source = device.tensor([1, 2])
      const tagged = tag('model.cache', source)
      source.dispose()
      return mul(donate(tagged), 10)
    }
    run()
    expect(device.memory().refusedDonations).toBe(0)
    const { captures } = await inspect(device, run, { sites: ['model.*'] })
    expect(captures[0]!.data).toEqual(new Float32Array([1, 2]))
    expect(device.memory().refusedDonations).toBe(1)
  })

  test('of asynchronous functions are seen too', async () => {
    const device = new Device(createReferenceBackend())
    const { result, captures } = await inspect(
      device,
      async () => {
        const x = tag('model.x', device.tensor([3]))
        return x.item()
      },
      { sites: ['model.x'] },
    )
    expect(result).toBe(3)
    expect(captures).toHaveLength(1)
  })
})

describe('attention', () => {
  const query = [1, 0, 2, 0, 1, 1]
  const key = [0, 1, 1, 4, 4, 0, 2, 3, 1]

  test('weights of a fused op come from its decomposition', async () => {
    const device = new Device(createReferenceBackend())
    const run = (): Tensor =>
      device.scoped(() => {
        const queries = device.tensor([[[query.slice(0, 3), query.slice(3)]]])
        const keys = device.tensor([[[key.slice(0, 3), key.slice(3, 6), key.slice(6)]]])
        return attention(queries, keys, keys, { mask: { kind: 'all' }, scale: 1 }).output
      })
    const { captures } = await inspect(device, run, { sites: ['attention.weights', 'attention.scores'] })
    expect(captures.map(({ site, shape }) => [site, shape])).toEqual([
      ['attention.scores', [1, 1, 2, 3]],
      ['attention.weights', [1, 1, 2, 3]],
    ])
    // Scores of the first query are 2, 4 and 4.
    expect(captures[0]!.data.slice(0, 3)).toEqual(new Float32Array([2, 4, 4]))
    const total = Math.exp(2) + 2 * Math.exp(4)
    for (const [index, score] of [2, 4, 4].entries()) {
      expect(captures[1]!.data[index]).toBeCloseTo(Math.exp(score) / total, 6)
    }
  })

  test('a backend that fuses it runs it whole, unless a site inside is asked for', async () => {
    const names: string[] = []
    const inner = createNullBackend()
    const device = new Device({
      ...inner,
      run(call) {
        names.push(call.op.name)
        return inner.run(call)
      },
      download: async () => new Float32Array(1),
    })
    const x = device.tensor([[[[1]]]])
    const run = (): Tensor => tag('model.output', attention(x, x, x, { mask: { kind: 'all' } }).output)
    await inspect(device, run, { sites: ['model.output'] })
    expect(names).toEqual(['qkv/attention'])
    names.length = 0
    await inspect(device, run, { sites: ['attention.*'] })
    expect(names).not.toContain('qkv/attention')
    expect(names).toContain('qkv/matmul')
  })

  test('what the gradient computes again is not captured again', async () => {
    const device = new Device(createReferenceBackend())
    const x = device.tensor([
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
    ])
    const step = (): unknown =>
      valueAndGrad(() => sum(attention(x, x, x, { mask: { kind: 'causal' } }).output), [x])
    const { captures } = await inspect(device, step, { sites: ['attention.scores', 'attention.weights'] })
    expect(captures.map(({ site }) => site)).toEqual(['attention.scores', 'attention.weights'])
  })
})

test('sites of an op from elsewhere follow the same rule', async () => {
  const doubled: CompositeOp<object> = {
    name: 'acme/doubled',
    kind: 'composite',
    infer: ([x]) => [x!],
    decompose: ([x]) => [mul(tag('doubled.input', x!), 2)],
    samples: [],
  }
  const device = new Device(createReferenceBackend())
  const x = device.tensor([3])
  const run = (): Tensor => device.applySingle(doubled, [x], {})
  const { captures } = await inspect(device, run, { sites: ['doubled.input'] })
  expect(captures).toEqual([
    { site: 'doubled.input', occurrence: 0, shape: [1], data: new Float32Array([3]) },
  ])
})

describe('nothing is left behind', () => {
  test('when the function throws', async () => {
    const device = new Device(createReferenceBackend())
    const failing = (): never =>
      device.scoped(() => {
        tag('model.x', device.tensor([1]))
        throw new Error('on purpose')
      })
    await expect(inspect(device, failing, { sites: ['model.x'] })).rejects.toThrow('on purpose')
    expect(device.memory().liveBuffers).toBe(0)
    tag('model.x', device.tensor([1])).dispose()
  })

  test('when a pattern matches nothing, which is an error that lists the sites', async () => {
    const device = new Device(createReferenceBackend())
    const run = (): void => device.scoped(() => void tag('model.hidden', device.tensor([1])))
    await expect(inspect(device, run, { sites: ['model.hiden'] })).rejects.toThrow(
      "inspect: 'sites' names 'model.hiden', which nothing was tagged with, expected some of 'model.hidden'.",
    )
    expect(device.memory().liveBuffers).toBe(0)
  })
})
