import { readFileSync } from 'node:fs'
import {
  type AttentionPart,
  builtInParts,
  type CatalogueEntry,
  describePart,
  runsFused,
} from '@qkv/attention'
import { createCpuBackend } from '@qkv/backend-cpu'
import * as gpujs from '@qkv/backend-gpujs'
import * as webgpu from '@qkv/backend-webgpu'
import { feedForwards } from '@qkv/nn'
import type { Backend } from '@qkv/tensor'
import { page, table } from './table.ts'

/** What `npm run bench:parts` has measured. */
interface Measured {
  readonly machine: string
  /** Of a forward pass over 256 positions, and of one with gradients. */
  readonly parts: Readonly<
    Record<string, { readonly milliseconds: readonly number[]; readonly peakBytes: readonly number[] }>
  >
  /** Over more and more positions. */
  readonly growth: readonly {
    readonly name: string
    /** The part with its options, and what it was composed with. */
    readonly composition: string
    readonly points: readonly (readonly [length: number, milliseconds: number, bytes: number])[]
    readonly timeExponent: number
    readonly memoryExponent: number
  }[]
}

/** Every attention part with its stages and what it costs, and every feed-forward network. */
export function partsPage(): string {
  const measured = JSON.parse(
    readFileSync(new URL('../../../packages/qkv/parts-measured.json', import.meta.url), 'utf8'),
  ) as Measured
  const parts = [...builtInParts.values()].map((create) => create())
  const entries = parts.map((part) => describePart(part))
  const fusing = new Map<string, Backend['supports']>([
    ['cpu', createCpuBackend().supports],
    ['gpujs', gpujs.hasKernel],
    ['webgpu', webgpu.hasKernel],
  ])
  const fusedOn = (part: AttentionPart): readonly string[] =>
    [...fusing].filter(([, hasKernel]) => runsFused(part, hasKernel)).map(([backend]) => backend)
  const networks = feedForwards.map(({ name, source }) => [`\`${name}\``, source])
  return page(
    'Parts',
    'What a model config may name. Chain stages compose in order; a slot stage has one owner. `npx qkv parts NAME` tells of one.',
    [
      `## Attention, ${entries.length} parts`,
      'In formulas, q, k and v are a query, key and value, S a score, A a weight, o an output, d the head size, n the keys of a query.',
      table(
        ['part', 'year', 'stages', 'formula', 'what for', 'source'],
        entries.map(({ name, year, stages, formula, use, source }) => [
          `\`${name}\``,
          String(year ?? ''),
          stages.join(', '),
          formula ?? '',
          use ?? '',
          source,
        ]),
      ),
      '## Options',
      "In a config, `{ part: 'sliding-window', options: { left: 64 } }`; in code, `slidingWindow({ left: 64 })`. All can be left out.",
      table(
        ['part', 'option', 'what it is'],
        entries.flatMap(({ name, options }) =>
          options.map((option, index) => [
            index === 0 ? `\`${name}\`` : '',
            `\`${option.name}\``,
            option.about,
          ]),
        ),
      ),
      '## What parts can do, and what they cost',
      `Causal, padding: can be composed with these. Cross: queries and keys may come from two inputs. Weights: there is one to look at for each query and key. Cache: what is kept while text is generated. Fused: the backends on which it runs as one operation. Memory, time: the power of the length that they grow with, memory from 256 to 1,024 positions as allocated, time from 1,024 on as measured, with the options of the table below; a power of 1 is linear. Milliseconds, and megabytes of tensors alive at one time: 256 positions of width 64 in 4 heads on cpu, forward and with gradients; ${measured.machine}.`,
      table(
        ['part', 'causal', 'padding', 'cross', 'weights', 'cache', 'fused', 'memory', 'time', 'ms', 'MB'],
        parts.map((part, index) => abilities(entries[index]!, fusedOn(part), measured)),
      ),
      '## How time and memory grow with the length',
      `Forward, on one thread, without what was there before: milliseconds, and the most megabytes of tensors alive at one time. Powers are fitted from 1,024 positions on.`,
      growthTable(measured),
      '## Feed-forward networks',
      table(['name', 'source'], networks),
    ].join('\n\n'),
  )
}

function abilities(
  entry: CatalogueEntry,
  fusedOn: readonly string[],
  { parts, growth }: Measured,
): readonly string[] {
  const { name, causal, padding, cross, weightsReadable, cache, memoryExponent } = entry
  const yes = (value: boolean): string => (value ? 'yes' : '')
  return [
    `\`${name}\``,
    ...[causal, padding, cross, weightsReadable].map(yes),
    cache === 'none' ? '' : cache,
    fusedOn.join(', '),
    String(memoryExponent),
    growth.find((grown) => grown.name === name)?.timeExponent.toFixed(2) ?? '',
    parts[name]?.milliseconds.join(', ') ?? '',
    parts[name]?.peakBytes.map(megabytes).join(', ') ?? '',
  ]
}

function growthTable({ growth }: Measured): string {
  const lengths = [...new Set(growth.flatMap(({ points }) => points.map(([length]) => length)))]
  const cells = (points: (typeof growth)[number]['points']): readonly string[] =>
    lengths.map((length) => {
      const point = points.find(([own]) => own === length)
      return point ? `${point[1]} ms, ${megabytes(point[2])} MB` : ''
    })
  return table(
    ['part', ...lengths.map((length) => length.toLocaleString('en-US')), 'time', 'memory'],
    growth.map(({ composition, points, timeExponent, memoryExponent }) => [
      `\`${composition}\``,
      ...cells(points),
      `n^${timeExponent.toFixed(2)}`,
      `n^${memoryExponent.toFixed(2)}`,
    ]),
  )
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)
}
