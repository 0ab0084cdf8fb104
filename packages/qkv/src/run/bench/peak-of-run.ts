import { peakBytes } from '@qkv/instruments'
import type { Device } from '@qkv/tensor'
import type { Workload } from './workload.ts'

/** The most bytes of tensors that live at one time in a run, besides those from before. */
export function peakOfRun(device: Device, workload: Workload): number {
  const before = device.memory().liveBytes
  return peakBytes(device, () => void workload.run()) - before
}
