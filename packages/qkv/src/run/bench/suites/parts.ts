import { builtInParts } from '@qkv/attention'
import { partWorkload } from './part-workload.ts'
import { type Suite, timedSuite } from './suite.ts'

const length = 256

/** Every attention part alone, and with its gradients. */
export const parts: Suite = timedSuite(
  'parts',
  `Self-attention of width 64 in 4 heads with each part, over ${length} positions, alone and with its gradients.`,
  (device) =>
    [...builtInParts.values()].flatMap((create) =>
      (['forward', 'forward and gradients'] as const).map((pass) =>
        partWorkload(device, create(), length, pass),
      ),
    ),
)
