import type { Device } from '@qkv/tensor'
import { measure } from '../measure.ts'
import type { BenchDevice } from '../open-devices.ts'
import type { BenchResult } from '../results.ts'
import type { Workload } from '../workload.ts'

/** Some workloads that belong together. */
export interface Suite {
  readonly name: string
  /** What is measured, for the help and above a table. */
  readonly description: string
  /** Measures on all devices, which are compared with one another, and tells of each result as soon as it is there. */
  run(
    devices: readonly BenchDevice[],
    seconds: number,
    onResults: (results: readonly BenchResult[]) => void,
  ): Promise<void>
}

/** A suite whose workloads are timed. */
export function timedSuite(
  name: string,
  description: string,
  workloadsOn: (device: Device) => readonly Workload[] | Promise<readonly Workload[]>,
): Suite {
  return {
    name,
    description,
    async run(devices, seconds, onResults) {
      const lists: (readonly Workload[])[] = []
      for (const { device } of devices) lists.push(await workloadsOn(device))
      for (const index of lists[0]!.keys()) {
        const variants = devices.map((on, place) => ({ on, workload: lists[place]![index]! }))
        onResults(await measure(name, variants, seconds))
      }
    },
  }
}
