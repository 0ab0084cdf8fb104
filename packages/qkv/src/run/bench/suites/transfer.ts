import { add, type Device, full } from '@qkv/tensor'
import type { Workload } from '../workload.ts'
import { type Suite, timedSuite } from './suite.ts'

/** 4 MiB, as a layer of 1,024 by 1,024 has. */
const length = 2 ** 20
const bytes = 4 * length

/** How fast numbers get to the device, and back. */
export const transfer: Suite = timedSuite(
  'transfer',
  'Numbers that are copied to the device, and back.',
  (device) => [upload(device), readBack(device)],
)

function upload(device: Device): Workload {
  const numbers = Float32Array.from({ length }, (_, index) => index)
  return { name: 'upload', shape: `${length}`, bytes, run: () => device.tensor(numbers) }
}

function readBack(device: Device): Workload {
  const computed = device.scoped(() => device.retain(add(full(device, [length], 1), 1)))
  return { name: 'read back', shape: `${length}`, bytes, run: () => computed.read() }
}
