import { describe, expect, test } from 'vitest'
import { valueAndGrad } from './autograd/value-and-grad.ts'
import { createReferenceBackend } from './backend/reference/reference-backend.ts'
import { Device } from './device.ts'
import { moveTo } from './move-to.ts'
import { add, addOp } from './ops/add.ts'
import { concat } from './ops/concat.ts'
import { full } from './ops/full.ts'
import { matmul } from './ops/matmul.ts'
import { mul } from './ops/mul.ts'
import { reshape } from './ops/reshape.ts'
import { slice } from './ops/slice.ts'
import { softmax } from './ops/softmax.ts'
import { sum } from './ops/sum.ts'
import { tag } from './ops/tag.ts'
import { transpose } from './ops/transpose.ts'
import { donate } from './tensor.ts'

function open(): Device {
  return new Device(createReferenceBackend())
}

/** The reference backend, made to write sums into a donated first input. */
function openDonating(): Device {
  const inner = createReferenceBackend()
  return new Device({
    ...inner,
    run(call) {
      const [first] = call.inputs
      const outputs = inner.run(call)
      if (call.op.name !== 'qkv/add' || !first?.donated) return outputs
      const data = first.handle as unknown as { data: Float32Array }
      data.data.set(inner.downloadSync!(outputs[0]!, call.outputs[0]!))
      inner.release(outputs[0]!)
      return [first.handle]
    },
  })
}

describe('views', () => {
  test('move no data', () => {
    const device = open()
    const x = device.tensor(
      Float32Array.from({ length: 24 }, (_, index) => index),
      { shape: [2, 3, 4] },
    )
    const part = slice(transpose(x, { order: [2, 0, 1] }), [
      { start: 1, size: 2 },
      {},
      { start: -1, step: -1 },
    ])
    expect(device.memory().liveBuffers).toBe(1)
    const wanted = [1, 2].flatMap((c) => [0, 1].flatMap((a) => [2, 1, 0].map((b) => a * 12 + b * 4 + c)))
    expect([...part.readSync()]).toEqual(wanted)
    expect(device.memory().liveBuffers).toBe(1)
  })

  test('reshape a transposed tensor through a copy, a split axis without', () => {
    const device = open()
    const x = device.tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect([...reshape(transpose(x), [6]).readSync()]).toEqual([1, 4, 2, 5, 3, 6])
    const before = device.memory().liveBuffers
    const heads = reshape(transpose(reshape(x, [2, 3, 1])), [2, 1, 1, 3])
    expect(device.memory().liveBuffers).toBe(before)
    expect([...heads.readSync()]).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('a slice that begins its buffer reads no further', () => {
    const device = open()
    const head = slice(device.tensor([1, 2, 3, 4]), [{ size: 2 }])
    expect([...head.readSync()]).toEqual([1, 2])
    expect([...add(head, 1).readSync()]).toEqual([2, 3])
    expect([...concat([head, head]).readSync()]).toEqual([1, 2, 1, 2])
  })
})

describe('donation', () => {
  test('hands the buffer on and consumes the tensor', () => {
    const device = openDonating()
    const x = device.tensor([1, 2])
    const y = add(donate(x), full(device, [2], 1))
    expect(x.disposed).toBe(true)
    expect(y.handle).toBe(x.handle)
    expect([...y.readSync()]).toEqual([2, 3])
    expect(device.memory().refusedDonations).toBe(0)
    y.dispose()
  })

  test('is refused, and counted, while a view sees the buffer', () => {
    const device = openDonating()
    const x = device.tensor([1, 2])
    const view = reshape(x, [2, 1])
    const y = add(donate(x), full(device, [2], 1))
    expect(device.memory().refusedDonations).toBe(1)
    expect([...view.readSync()]).toEqual([1, 2])
    expect([...y.readSync()]).toEqual([2, 3])
  })

  test('is refused for a tensor that is used twice, or that a gradient still needs', () => {
    const device = openDonating()
    const x = device.tensor([1, 2])
    expect([...add(donate(x), x).readSync()]).toEqual([2, 4])
    const y = device.tensor([3, 4])
    const { gradients } = valueAndGrad(() => {
      const product = mul(y, y)
      return sum(mul(add(donate(product), 1), y))
    }, [y])
    expect([...gradients[0]!.readSync()]).toEqual([3 * 9 + 1, 3 * 16 + 1])
    expect(device.memory().refusedDonations).toBe(2)
  })

  test('leaves the tensor alone when the operation fails', () => {
    const device = openDonating()
    const x = device.tensor([1, 2])
    expect(() => add(donate(x), device.tensor([1, 2, 3]))).toThrow('add')
    expect(x.donated).toBe(false)
    expect(() => device.apply(addOp, [donate(x), device.tensor(new Int32Array([1, 2]))], {})).toThrow('add')
    expect([...add(x, 1).readSync()]).toEqual([2, 3])
    expect(x.disposed).toBe(false)
  })
})

describe('free functions outside a scope', () => {
  test('leave nothing but their result', () => {
    const device = open()
    const x = device.tensor([
      [1, 2],
      [3, 4],
    ])
    const batch = full(device, [3, 2, 2], 1)
    const results = [
      add(x, 1),
      add(x, full(device, [1], 2)),
      sum(x, { axis: 0 }),
      matmul(batch, x),
      matmul(x, batch),
    ]
    // `full` with a shape of its own was not freed by anybody: one buffer each for it, `x` and `batch`.
    expect(device.memory().liveBuffers).toBe(results.length + 3)
  })
})

test('moveTo carries values, shape and dtype to another device', async () => {
  const [from, to] = [open(), open()]
  const x = from.tensor([[1, 2, 3]])
  const moved = await moveTo(to, x)
  expect(moved.device).toBe(to)
  expect([...add(moved, 1).readSync()]).toEqual([2, 3, 4])
  expect(await moveTo(from, x)).toBe(x)
})

describe('observers', () => {
  test('see calls with their depth, and may ask for a decomposition', () => {
    const inner = createReferenceBackend()
    const device = new Device({ ...inner, supports: () => true, run: (call) => inner.run(call) })
    const seen: string[] = []
    const stop = device.observe({
      decomposes: (op) => op.name === 'qkv/softmax',
      enter: ({ op, depth }) => seen.push(`${'  '.repeat(depth)}${op.name}`),
    })
    tag('here', softmax(device.tensor([1, 2, 3])))
    stop()
    expect(seen[0]).toBe('qkv/softmax')
    expect(seen).toContain('  qkv/exp')
    expect(seen.at(-1)).toBe('qkv/tag')
    const count = seen.length
    add(device.tensor([1]), 1)
    expect(seen).toHaveLength(count)
  })
})

describe('errors', () => {
  test('name operation, argument, got, expected and fix', () => {
    const device = open()
    expect(() => matmul(device.tensor([[1, 2, 3]]), device.tensor([[1, 2, 3]]))).toThrow(
      "matmul: 'b' has shape [1, 3], expected [..., 3, columns]: its second-last axis must equal the last axis of 'a' [1, 3]. Did you mean to transpose 'b'?",
    )
    expect(() => add(device.tensor([1, 2]), device.tensor([1, 2, 3]))).toThrow("add: 'b' has shape [3]")
    expect(() => add(device.tensor([1]), device.tensor(new Int32Array([1])))).toThrow(
      "add: 'b' has dtype int32",
    )
    expect(() => device.tensor([[1, 2], [3]])).toThrow("tensor: 'data' has an inner array of length 1")
    expect(() => device.tensor([1.5], { dtype: 'int32' })).toThrow("tensor: 'data' holds 1.5 at index 0")
    expect(() => device.tensor([1, 2], { shape: [3] })).toThrow("tensor: 'shape' is [3], 3 elements")
  })

  test('tensors of two devices do not meet', () => {
    expect(() => add(open().tensor([1]), open().tensor([1]))).toThrow('lives on another device')
  })

  test('a disposed device says so', async () => {
    const device = open()
    const x = device.tensor([1])
    await device.dispose()
    expect(() => add(x, 1)).toThrow("'reference' was disposed")
    expect(() => device.tensor([1])).toThrow("'reference' was disposed")
  })

  test('a backend that cannot wait says so', () => {
    const { downloadSync: _, ...backend } = createReferenceBackend()
    expect(() => new Device(backend).tensor([1]).readSync()).toThrow('Use `await tensor.read()`')
  })

  test('item wants one element', async () => {
    await expect(open().tensor([1, 2]).item()).rejects.toThrow('expected exactly one element')
    expect(await open().tensor(3).item()).toBe(3)
  })
})
