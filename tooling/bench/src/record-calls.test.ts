import { createCpuBackend } from '@qkv/backend-cpu'
import { adamW, add, type Backend, Device, donate, matmul, type OpCall, transpose } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { recordCalls } from './record-calls.ts'
import { replayCall } from './replay-call.ts'

/** A device whose calls are recorded, and what `replayCall` is given: a backend that keeps what it computed. */
function setUp(): {
  device: Device
  backend: ReturnType<typeof recordCalls>
  inner: Backend
  outputs: number[][]
} {
  const cpu = createCpuBackend({ threads: 1 })
  const outputs: number[][] = []
  const inner: Backend = {
    ...cpu,
    run(call: OpCall) {
      const handles = cpu.run(call)
      outputs.push(...handles.map((handle, index) => [...cpu.downloadSync!(handle, call.outputs[index]!)]))
      return handles
    },
  }
  const backend = recordCalls(cpu)
  return { device: new Device(backend), backend, inner, outputs }
}

test('alike calls are one, with how often they were made', () => {
  const { device, backend } = setUp()
  const [a, b, wide] = [device.tensor([[1, 2]]), device.tensor([[3, 4]]), device.tensor([[1, 2, 3]])]
  const calls = backend.record(() => {
    add(a, b)
    add(b, a)
    add(a, a)
    add(wide, wide)
    add(wide, wide)
    add(wide, wide)
  })
  add(a, b)
  expect(calls.map(({ call, times, places }) => [call.inputs[0]!.spec.shape, times, places])).toEqual([
    [[1, 2], 2, [0, 1]],
    [[1, 2], 1, [0, 0]],
    [[1, 3], 3, [0, 0]],
  ])
})

test('replayed, a call gives the same numbers, also through strides and after its inputs have changed', () => {
  const { device, backend, inner, outputs } = setUp()
  const a = device.tensor([
    [1, 2],
    [3, 4],
  ])
  const gradient = device.tensor([0.5, -0.5])
  const parameter = device.tensor([1, 2])
  const moments = [device.tensor([0, 0]), device.tensor([0.25, 0.25])] as const
  let product: number[] = []
  let updated: number[] = []
  const calls = backend.record(() => {
    product = [...matmul(transpose(a), a).readSync()]
    const [firstMoment, secondMoment] = moments
    const state = { parameter, firstMoment, secondMoment }
    const donated = Object.fromEntries(
      Object.entries(state).map(([name, tensor]) => [name, donate(tensor)]),
    ) as unknown as typeof state
    const [next] = adamW([{ ...donated, gradient }], { learningRate: 0.1, step: 1 })
    updated = [...next!.parameter.readSync()]
  })
  const before = inner.memory()
  for (const call of calls) expect(replayCall(inner, call)).toBeGreaterThan(0)
  expect(inner.memory()).toEqual(before)
  expect(product).toEqual([10, 14, 14, 20])
  expect(outputs[0]).toEqual(product)
  expect(outputs[1]).toEqual(updated)
})
