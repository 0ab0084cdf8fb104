import { builtInParts } from '@qkv/attention'
import { measure } from '../measure.ts'
import { peakOfRun } from '../peak-of-run.ts'
import { partWorkload } from './part-workload.ts'
import type { Suite } from './suite.ts'

const name = 'parts'
const length = 256

/** Every attention part alone, and with its gradients. */
export const parts: Suite = {
  name,
  description: `Self-attention of width 64 in 4 heads with each part, over ${length} positions, alone and with its gradients.`,
  async run(devices, seconds, onResults) {
    for (const create of builtInParts.values()) {
      for (const pass of ['forward', 'forward and gradients'] as const) {
        const variants = devices.map((on) => ({
          on,
          workload: partWorkload(on.device, create(), length, pass),
        }))
        const timings = await measure(name, variants, seconds)
        onResults(
          timings.map((timing, place) => {
            const { on, workload } = variants[place]!
            return { ...timing, peakBytes: peakOfRun(on.device, workload) }
          }),
        )
      }
    }
  },
}
