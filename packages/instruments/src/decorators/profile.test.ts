import { add, createReferenceBackend, Device, matmul, mul } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { profile, type ProfiledBackend } from './profile.ts'

/** A clock that every reading puts forward by one millisecond more than the last. */
function steppingClock(): () => number {
  let now = 0
  let step = 0
  return () => {
    step += 1
    now += step
    return now
  }
}

function open(): { device: Device; backend: ProfiledBackend } {
  const backend = profile(createReferenceBackend(), { clock: steppingClock() })
  return { device: new Device(backend), backend }
}

test('counts calls, time and bytes per op, the slowest first', async () => {
  const { device, backend } = open()
  // The n-th reading follows the one before by n ms: the k-th timed call takes 2k ms.
  const a = device.tensor([[1, 2, 3]])
  const b = device.tensor([[1], [2], [3]])
  const product = matmul(a, b)
  const total = add(product, product)
  mul(total, total)
  expect(await product.read()).toEqual(new Float32Array([14]))
  expect(product.readSync()).toEqual(new Float32Array([14]))
  expect(backend.profile.report().rows).toEqual([
    { op: 'download', calls: 2, milliseconds: 12 + 14, bytesRead: 8, bytesWritten: 0 },
    { op: 'qkv/mul', calls: 1, milliseconds: 10, bytesRead: 8, bytesWritten: 4 },
    { op: 'qkv/add', calls: 1, milliseconds: 8, bytesRead: 8, bytesWritten: 4 },
    { op: 'qkv/matmul', calls: 1, milliseconds: 6, bytesRead: 24, bytesWritten: 4 },
    { op: 'upload', calls: 2, milliseconds: 2 + 4, bytesRead: 0, bytesWritten: 24 },
  ])
  expect(backend.profile.report().totalMilliseconds).toBe(56)
})

test('prints a table', () => {
  const { device, backend } = open()
  const x = device.tensor(new Float32Array(1000))
  add(x, x)
  expect(backend.profile.report().toString().split('\n')).toEqual([
    'operation  calls    ms   share  bytes read  bytes written',
    'qkv/add        1  4.00  66.7 %       8,000          4,000',
    'upload         1  2.00  33.3 %           0          4,000',
    'total          2  6.00',
  ])
})

test('starts anew after a reset, and a report does not change later', () => {
  const { device, backend } = open()
  const x = device.tensor([1])
  const before = backend.profile.report()
  device.tensor([1])
  expect(before.rows[0]!.calls).toBe(1)
  backend.profile.reset()
  expect(backend.profile.report().rows).toEqual([])
  expect(backend.profile.report().toString()).toContain('total')
  x.dispose()
})

test('takes the clock of the platform unless told otherwise', () => {
  const backend = profile(createReferenceBackend())
  const x = new Device(backend).tensor([1, 2])
  add(x, x)
  const { totalMilliseconds } = backend.profile.report()
  expect(totalMilliseconds).toBeGreaterThanOrEqual(0)
  expect(totalMilliseconds).toBeLessThan(1000)
})
