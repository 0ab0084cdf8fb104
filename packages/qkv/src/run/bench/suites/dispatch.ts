import { add, type Device, full } from '@qkv/tensor'
import type { Workload } from '../workload.ts'
import { type Suite, timedSuite } from './suite.ts'

const length = 16

/** What an operation costs beside its arithmetic: asked for one after another, and read back each. */
export const dispatch: Suite = timedSuite(
  'dispatch',
  'The cost of an operation beside its arithmetic, one after another, and when each result is read.',
  (device) => [oneAfterAnother(device), readEach(device)],
)

function oneAfterAnother(device: Device): Workload {
  const ones = device.retain(full(device, [length], 1))
  return { name: 'dispatch', shape: `${length}`, run: () => add(ones, ones) }
}

function readEach(device: Device): Workload {
  const ones = device.retain(full(device, [length], 1))
  return { name: 'dispatch and read', shape: `${length}`, run: () => add(ones, ones).read() }
}
