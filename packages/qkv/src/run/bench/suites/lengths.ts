import { type AttentionPart, builtInParts, causal, scaledDot } from '@qkv/attention'
import { peakBytes } from '@qkv/instruments'
import { powerOf } from '../power-of.ts'
import { measure } from '../measure.ts'
import type { BenchDevice } from '../open-devices.ts'
import type { GrowthResult } from '../results.ts'
import { partWorkload } from './part-workload.ts'
import type { Suite } from './suite.ts'

const name = 'lengths'
/** Lengths that a power is fitted to. */
const lengths16384 = [256, 1024, 4096, 16_384]
/** The plain square grows out of memory sooner. */
const lengths4096 = [256, 1024, 4096]
/** Shorter sequences cost what a call costs. */
const shortestFitted = 1024

/** How time and memory grow with the length, for parts that promise not to grow with its square, beside one that does. */
export const lengths: Suite = {
  name,
  description:
    'Causal self-attention of width 64 in 4 heads over more and more positions: mixers and windows beside plain scaled-dot.',
  async run(devices, seconds, onResults) {
    const growths = [
      { part: scaledDot(), counts: lengths4096 },
      ...linearParts().map((part) => ({ part, counts: lengths16384 })),
    ]
    for (const { part, counts } of growths) {
      for (const on of devices) onResults([await measureGrowth(on, part, counts, seconds)])
    }
  },
}

/** Parts whose text length costs no square: recurrences, and windows. */
function linearParts(): readonly AttentionPart[] {
  return [...builtInParts.values()]
    .map((create) => create())
    .filter((part) => part.recur !== undefined || part.name === 'sliding-window')
}

async function measureGrowth(
  on: BenchDevice,
  part: AttentionPart,
  counts: readonly number[],
  seconds: number,
): Promise<GrowthResult> {
  const points: GrowthResult['points'][number][] = []
  for (const length of counts) {
    const workload = partWorkload(on.device, part, length, 'forward', [causal()])
    const [timing] = await measure(name, [{ on, workload }], seconds)
    const before = on.device.memory().liveBytes
    const peak = peakBytes(on.device, () => void workload.run())
    points.push({ length, milliseconds: timing!.milliseconds, peakBytes: peak - before })
  }
  const fitted = points.filter(({ length }) => length >= shortestFitted)
  const { device, simd, threads } = on
  return {
    suite: name,
    name: part.name,
    shape: `${counts[0]} to ${counts.at(-1)} positions`,
    backend: device.name,
    simd,
    threads,
    points,
    timeExponent: powerOf(fitted.map(({ length, milliseconds }) => [length, milliseconds])),
    memoryExponent: powerOf(fitted.map((point) => [point.length, point.peakBytes])),
  }
}
