import { slice, type Tensor } from '@qkv/tensor'
import { checkChoice, checkOptions, even, numberAbove, type NumberRule } from '../check-options.ts'
import type { AttentionContext } from '../context.ts'
import type { AttentionPart, BufferDeclaration, PartDescription, PartSizes } from '../part.ts'
import { checkPositions } from './check-positions.ts'
import { type RotaryTable, rotaryTable } from './rotary-table.ts'
import { rotate, type RotaryPairing, rotaryPairings } from './rotate.ts'
import { checkScaling, type RopeScaling, scaledFrequencies } from './scaling/rope-scaling.ts'
import { claimsOf } from './rotation-claim.ts'

/** What all parts that turn queries and keys by their position ask for. */
export interface RotaryOptions {
  /** What the frequencies are powers of; 10000 unless said. */
  readonly base?: number
  /** How many columns of each head are turned, an even number; all of them unless said. */
  readonly rotarySize?: number
  /** Which columns turn together: `halves`, column `i` with `i + rotarySize / 2`, or `neighbors`, `2i` with `2i + 1`; `halves` unless said. */
  readonly pairing?: RotaryPairing
}

interface RotaryPart {
  readonly name: string
  readonly source: string
  readonly about: PartDescription
  /** As they were given, for configs. */
  readonly options: RotaryOptions
  readonly scaling?: RopeScaling | undefined
  readonly positionScale?: number | undefined
}

/** A part that turns queries and keys by angles of their positions, at frequencies that a scaling may change. */
export function rotaryPart({
  name,
  source,
  about,
  options,
  scaling,
  positionScale,
}: RotaryPart): AttentionPart {
  const { base = 10000, rotarySize, pairing = 'halves' } = options
  checkOptions(name, { base, positionScale }, numberAbove(0))
  checkChoice(name, { pairing }, rotaryPairings)
  if (scaling) checkScaling(name, scaling)
  const tableOf = (sizes: PartSizes, start: number, count: number, length: number): RotaryTable => {
    const model = {
      rotarySize: rotarySizeOf(name, rotarySize, sizes),
      base,
      maximumLength: sizes.maximumLength,
    }
    const { frequencies, attentionFactor } = scaledFrequencies(scaling, model, { part: name, length })
    const positions = Array.from({ length: count }, (_, index) => start + index)
    return rotaryTable(positions, {
      rotarySize: model.rotarySize,
      frequencies,
      amplitude: attentionFactor,
      ...(positionScale !== undefined && { positionScale }),
    })
  }
  const buffer = (entry: keyof RotaryTable): BufferDeclaration => ({
    owner: 'attention',
    persistent: false,
    create: (sizes) => ({
      shape: [sizes.maximumLength, rotarySizeOf(name, rotarySize, sizes) / 2],
      data: tableOf(sizes, 0, sizes.maximumLength, sizes.maximumLength)[entry],
    }),
  })
  const dynamic = scaling?.kind === 'dynamic-ntk'
  /** Each call has frequencies of its own where they depend on the length. */
  const rowsOf = (context: AttentionContext, start: number, count: number): readonly [Tensor, Tensor] => {
    if (!dynamic) {
      const rows = (entry: keyof RotaryTable): Tensor =>
        slice(context.buffer(entry), [{ start, size: count }])
      return [rows('cosines'), rows('sines')]
    }
    const length = Math.max(context.queryStart + context.queryLength, context.keyLength)
    const { cosines, sines } = tableOf(context, start, count, length)
    const shape = [count, cosines.length / count]
    return [context.device.tensor(cosines, { shape }), context.device.tensor(sines, { shape })]
  }
  const turn = (context: AttentionContext, argument: string, x: Tensor, start: number): Tensor => {
    const length = x.shape[2]!
    checkPositions(name, argument, { start, length, maximumLength: context.maximumLength })
    return rotate(x, ...rowsOf(context, start, length), pairing)
  }
  return {
    name,
    source,
    about,
    options,
    positional: true,
    claims: claimsOf(pairing),
    ...(dynamic ? { cacheable: false } : { buffers: { cosines: buffer('cosines'), sines: buffer('sines') } }),
    queryKey: (context, query, key) => ({
      query: turn(context, 'query', query, context.queryStart),
      key: turn(context, 'key', key, context.keyStart),
    }),
  }
}

/** How many columns turn: all of them, in pairs, unless said. */
export function rotarySizeOf(part: string, wanted: number | undefined, { headSize }: PartSizes): number {
  if (wanted === undefined) {
    const fix = `Columns turn in pairs: change the head size, or give \`rotarySize: ${headSize - 1}\` to leave the last one as it is.`
    checkOptions(part, { headSize }, even, fix)
  }
  const rotarySize = wanted ?? headSize
  const rule: NumberRule = {
    expected: `an even number up to the head size ${headSize}`,
    fits: (size) => size % 2 === 0 && size >= 0 && size <= headSize,
  }
  checkOptions(part, { rotarySize }, rule, 'Columns turn in pairs: leave it out to turn all of them.')
  return rotarySize
}
