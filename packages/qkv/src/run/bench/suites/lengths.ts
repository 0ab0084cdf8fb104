import { type AttentionPart, builtInParts, causal, scaledDot } from '@qkv/attention'
import type { Device } from '@qkv/tensor'
import { partWorkload } from './part-workload.ts'
import { type Suite, timedSuite } from './suite.ts'
import type { Workload } from '../workload.ts'

/** Lengths that a power is fitted to. */
const lengths16384 = [256, 1024, 4096, 16_384]
/** The plain square grows out of memory sooner. */
const lengths4096 = [256, 1024, 4096]

/** How time grows with the length, for parts that promise not to grow with its square, beside one that does. */
export const lengths: Suite = timedSuite(
  'lengths',
  'Causal self-attention of width 64 in 4 heads over more and more positions: mixers and windows beside plain scaled-dot.',
  (device) => [
    ...workloadsOf(device, scaledDot(), lengths4096),
    ...linearParts().flatMap((part) => workloadsOf(device, part, lengths16384)),
  ],
)

/** Parts whose text length costs no square: recurrences, and windows. */
function linearParts(): readonly AttentionPart[] {
  return [...builtInParts.values()]
    .map((create) => create())
    .filter(({ recur, name }) => recur !== undefined || name === 'sliding-window')
}

function workloadsOf(device: Device, part: AttentionPart, counts: readonly number[]): readonly Workload[] {
  return counts.map((length) => partWorkload(device, part, length, 'forward', [causal()]))
}
