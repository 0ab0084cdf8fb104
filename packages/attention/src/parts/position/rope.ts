import { ArgumentError, slice, type Tensor } from '@qkv/tensor'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart, BufferDeclaration, PartSizes } from '../../part.ts'
import { checkPositions } from '../../positions/check-positions.ts'
import { type RotaryTable, rotaryTable } from '../../positions/rotary-table.ts'
import { rotate, type RotaryPairing } from '../../positions/rotate.ts'

export interface RopeOptions {
  /** 10000 unless said. */
  readonly base?: number
  /** How many columns of each head are turned, an even number; all but an odd last one unless said. */
  readonly rotarySize?: number
  /** `halves` unless said. */
  readonly pairing?: RotaryPairing
  /** Multiplies the positions; 1 unless said. */
  readonly positionScale?: number
}

/**
 * Turns queries and keys by angles that grow with their position, so that their products depend on the distance.
 * Keys are cached turned. The tables are buffers that are not stored.
 *
 * @example
 * compose([scaledDot(), rope({ base: 500000 }), causal()])
 */
export function rope(options: RopeOptions = {}): AttentionPart {
  const { pairing = 'halves' } = options
  const buffer = (name: keyof RotaryTable): BufferDeclaration => ({
    owner: 'attention',
    persistent: false,
    create(sizes) {
      const rotarySize = rotarySizeOf(options.rotarySize, sizes)
      const positions = Array.from({ length: sizes.maximumLength }, (_, position) => position)
      const table = rotaryTable(positions, { ...options, rotarySize })
      return { shape: [sizes.maximumLength, rotarySize / 2], data: table[name] }
    },
  })
  return {
    name: 'rope',
    source: 'Su et al. 2021, RoFormer: Enhanced Transformer with Rotary Position Embedding, section 3.2',
    positional: true,
    buffers: { cosines: buffer('cosines'), sines: buffer('sines') },
    queryKey(context, query, key) {
      return {
        query: turn(context, 'query', query, context.queryStart, pairing),
        key: turn(context, 'key', key, context.keyStart, pairing),
      }
    },
  }
}

function turn(
  context: AttentionContext,
  argument: string,
  x: Tensor,
  start: number,
  pairing: RotaryPairing,
): Tensor {
  const length = x.shape[2]!
  checkPositions('rope', argument, { start, length, maximumLength: context.maximumLength })
  const rows = (name: keyof RotaryTable): Tensor => slice(context.buffer(name), [{ start, size: length }])
  return rotate(x, rows('cosines'), rows('sines'), pairing)
}

function rotarySizeOf(wanted: number | undefined, { headSize }: PartSizes): number {
  const size = wanted ?? headSize - (headSize % 2)
  if (Number.isInteger(size) && size % 2 === 0 && size >= 0 && size <= headSize) return size
  throw new ArgumentError({
    operation: 'rope',
    argument: 'rotarySize',
    got: `is ${size}`,
    expected: `an even number up to the head size ${headSize}`,
    fix: 'Columns turn in pairs: leave it out to turn all of them.',
  })
}
