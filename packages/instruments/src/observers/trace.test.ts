import {
  add,
  createReferenceBackend,
  Device,
  donate,
  matmul,
  mul,
  softmax,
  type Tensor,
  transpose,
} from '@qkv/tensor'
import { expect, test } from 'vitest'
import { createNullBackend } from '../null-backend/null-backend.ts'
import { formatTrace } from './format-trace.ts'
import { trace } from './trace.ts'

test('lists calls and the values between them', async () => {
  const device = new Device(createReferenceBackend())
  const x = device.tensor([[1, 2]])
  const weight = device.tensor([
    [1, 0],
    [0, 1],
  ])
  const run = (): Tensor => device.scoped(() => add(matmul(x, transpose(weight)), device.tensor([[5, 6]])))
  const { result, nodes, values } = await trace(device, run, {
    inputs: [['x', x]],
    parameters: new Map([['layer.weight', weight]]),
  })
  expect(nodes).toEqual([
    {
      id: 0,
      op: 'qkv/transpose',
      attrs: { order: [1, 0] },
      scalars: [],
      inputs: [0],
      outputs: [1],
      parent: undefined,
    },
    { id: 1, op: 'qkv/matmul', attrs: {}, scalars: [], inputs: [2, 1], outputs: [3], parent: undefined },
    { id: 2, op: 'qkv/add', attrs: {}, scalars: [], inputs: [3, 4], outputs: [5], parent: undefined },
  ])
  const value = { dtype: 'float32', name: undefined, data: undefined }
  expect(values).toEqual([
    { ...value, id: 0, shape: [2, 2], kind: 'parameter', name: 'layer.weight' },
    { ...value, id: 1, shape: [2, 2], kind: 'result' },
    { ...value, id: 2, shape: [1, 2], kind: 'input', name: 'x' },
    { ...value, id: 3, shape: [1, 2], kind: 'result' },
    { ...value, id: 4, shape: [1, 2], kind: 'constant', data: new Float32Array([5, 6]) },
    { ...value, id: 5, shape: [1, 2], kind: 'result' },
  ])
  expect(await result.read()).toEqual(new Float32Array([6, 8]))
  for (const tensor of [x, weight, result]) tensor.dispose()
  expect(device.memory().liveBuffers).toBe(0)
})

test('a composite is one call, and with `decompose` also the calls inside', async () => {
  const device = new Device(createReferenceBackend())
  const x = device.tensor([[1, 2]])
  const run = (): Tensor => device.scoped(() => softmax(x))
  const whole = await trace(device, run, { inputs: [['x', x]] })
  expect(formatTrace(whole)).toBe('%1 = qkv/softmax(%0:x)  [1, 2]')
  const inside = await trace(device, run, { inputs: [['x', x]], decompose: true })
  expect(formatTrace(inside).split('\n')).toEqual([
    '%7 = qkv/softmax(%0:x)  [1, 2]',
    '  %1 = qkv/max(%0:x)  [1, 1]',
    '  %2 = qkv/broadcastTo(%1)  [1, 2]',
    '  %3 = qkv/sub(%0:x, %2)  [1, 2]',
    '  %4 = qkv/exp(%3)  [1, 2]',
    '  %5 = qkv/sum(%4)  [1, 1]',
    '  %6 = qkv/broadcastTo(%5)  [1, 2]',
    '  %7 = qkv/div(%4, %6)  [1, 2]',
  ])
})

test('is the same on a backend that fuses and on one that does not', async () => {
  const traces = [createReferenceBackend(), createNullBackend()].map(async (backend) => {
    const device = new Device(backend)
    const x = device.tensor([[1, 2]])
    const { nodes, values } = await trace(device, () => softmax(mul(x, 2)), {
      inputs: [['x', x]],
      decompose: true,
    })
    return formatTrace({ nodes, values })
  })
  const [plain, fused] = await Promise.all(traces)
  expect(fused).toBe(plain)
})

test('a constant that is donated keeps its values', async () => {
  const device = new Device(createReferenceBackend())
  const run = (): Tensor => mul(donate(device.tensor([1, 2])), 10)
  const { values, result } = await trace(device, run)
  expect(values.find(({ kind }) => kind === 'constant')?.data).toEqual(new Float32Array([1, 2]))
  expect(await result.read()).toEqual(new Float32Array([10, 20]))
})

test('stops when the function throws', async () => {
  const device = new Device(createReferenceBackend())
  const failing = (): never =>
    device.scoped(() => {
      mul(device.tensor([1]), 2)
      throw new Error('on purpose')
    })
  await expect(trace(device, failing)).rejects.toThrow('on purpose')
  expect(device.memory().liveBuffers).toBe(0)
})
