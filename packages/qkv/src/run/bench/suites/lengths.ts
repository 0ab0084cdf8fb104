import {
  type AttentionPart,
  autoformer,
  bigbird,
  builtInParts,
  causal,
  efficient,
  fedformer,
  fnet,
  informer,
  linformer,
  longformer,
  nystrom,
  scaledDot,
  slidingWindow,
  streaming,
} from '@qkv/attention'
import { powerOf } from '../power-of.ts'
import { measure } from '../measure.ts'
import { peakOfRun } from '../peak-of-run.ts'
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

/** A part, what it is composed with, and the lengths. */
interface Growth {
  readonly part: AttentionPart
  readonly beside: readonly AttentionPart[]
  readonly counts: readonly number[]
}

/** How time and memory grow with the length, for parts that promise not to grow with its square, beside one that does. */
export const lengths: Suite = {
  name,
  description:
    'Self-attention of width 64 in 4 heads over more and more positions: mixers, windows and block masks beside plain scaled-dot.',
  async run(devices, seconds, onResults) {
    const growths: readonly Growth[] = [
      { part: scaledDot(), beside: [causal()], counts: lengths4096 },
      ...causalParts().map((part) => ({ part, beside: [causal()], counts: lengths16384 })),
      ...encoderParts.map((part) => ({ part: part(), beside: [], counts: lengths16384 })),
    ]
    for (const growth of growths) {
      for (const on of devices) onResults([await measureGrowth(on, growth, seconds)])
    }
  },
}

/** Windows and blocks of about 256 keys. */
const windows = [
  slidingWindow({ left: 255 }),
  streaming({ window: 252 }),
  longformer({ window: 255, globals: [0] }),
  bigbird({ blockSize: 32 }),
]

/** Parts whose text length costs no square: recurrences, windows, and masks of few blocks. */
function causalParts(): readonly AttentionPart[] {
  const recurrences = [...builtInParts.values()]
    .map((create) => create())
    .filter((part) => part.recur !== undefined)
  return [...recurrences, ...windows]
}

/** Parts that see the whole sequence at once. */
const encoderParts: readonly (() => AttentionPart)[] = [
  autoformer,
  efficient,
  fedformer,
  fnet,
  informer,
  linformer,
  nystrom,
]

async function measureGrowth(
  on: BenchDevice,
  { part, beside, counts }: Growth,
  seconds: number,
): Promise<GrowthResult> {
  const points: GrowthResult['points'][number][] = []
  for (const length of counts) {
    const workload = partWorkload(on.device, part, length, 'forward', beside)
    const [timing] = await measure(name, [{ on, workload }], seconds)
    points.push({
      length,
      milliseconds: timing!.milliseconds,
      peakBytes: peakOfRun(on.device, workload),
    })
  }
  const fitted = points.filter(({ length }) => length >= shortestFitted)
  const { device, simd, threads } = on
  return {
    suite: name,
    name: part.name,
    composition: [part, ...beside].map(written).join(', '),
    shape: `${counts[0]} to ${counts.at(-1)} positions`,
    backend: device.name,
    simd,
    threads,
    points,
    timeExponent: powerOf(fitted.map(({ length, milliseconds }) => [length, milliseconds])),
    memoryExponent: powerOf(fitted.map((point) => [point.length, point.peakBytes])),
  }
}

/** A part with its options, as a config names it. */
function written({ name, options = {} }: AttentionPart): string {
  return Object.keys(options).length > 0 ? `${name} ${JSON.stringify(options)}` : name
}
