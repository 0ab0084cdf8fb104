import { concat, slice, type Tensor } from '@qkv/tensor'
import { checkChoice, checkOptions, multipleOf, numberAbove } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart, BufferDeclaration, PartSizes } from '../../part.ts'
import {
  checkGrid,
  checkGridPositions,
  gridCoordinates,
  type GridOptions,
  gridOf,
} from '../../positions/grid.ts'
import { type RotaryTable, rotaryTable } from '../../positions/rotary-table.ts'
import { rotate, type RotaryPairing, rotaryPairings } from '../../positions/rotate.ts'
import { rotationClaim } from '../../positions/rotation-claim.ts'

export interface RopeAxialOptions extends GridOptions {
  /** What the frequencies are powers of; 100 unless said: grids are shorter than texts. */
  readonly base?: number
  /** Which columns turn together, `halves` or `neighbors`, within each half of the columns; `halves` unless said. */
  readonly pairing?: RotaryPairing
}

/**
 * Turns the first half of each query's and key's columns by its row on a grid and the second half by its column there, so that
 * products depend on how far apart two cells are along both axes. `leading` positions are not turned. The head size is a
 * multiple of 4. The published code has the half of the column first, and turns neighboring columns: pairing `neighbors`.
 *
 * @example
 * compose([scaledDot(), ropeAxial({ grid: [14, 14], leading: 1 })])
 */
export function ropeAxial(options: RopeAxialOptions = {}): AttentionPart {
  const { base = 100, pairing = 'halves', leading = 0 } = options
  checkGrid('rope-axial', options)
  checkOptions('rope-axial', { base }, numberAbove(0))
  checkChoice('rope-axial', { pairing }, rotaryPairings)
  const buffer = (axis: 'rows' | 'columns', entry: keyof RotaryTable): BufferDeclaration => ({
    owner: 'attention',
    persistent: false,
    create(sizes) {
      const rotarySize = halfOf(sizes)
      const positions = gridCoordinates(gridOf(options, sizes), leading)[axis]
      const data = rotaryTable(positions, { rotarySize, base })[entry]
      return { shape: [positions.length, rotarySize / 2], data }
    },
  })
  const turn = (context: AttentionContext, argument: string, x: Tensor, start: number): Tensor => {
    const length = x.shape[2]!
    checkGridPositions('rope-axial', argument, { start, length, leading, grid: gridOf(options, context) })
    const half = halfOf(context)
    const turned = (['row', 'column'] as const).map((axis, index) => {
      const rows = (entry: string): Tensor =>
        slice(context.buffer(`${axis}${entry}`), [{ start, size: length }])
      const columns = slice(x, [{}, {}, {}, { start: index * half, size: half }])
      return rotate(columns, rows('Cosines'), rows('Sines'), pairing)
    })
    return concat(turned, { axis: -1 })
  }
  return {
    name: 'rope-axial',
    source: 'Heo et al. 2024, Rotary Position Embedding for Vision Transformer (arXiv 2403.13298)',
    about: {
      year: 2024,
      formula: 'first half of q and k turned by row·θ_c, second half by column·θ_c, θ_c = 100^(-4c / d)',
      use: 'Images as patches, also of other sizes than those of training.',
    },
    options,
    positional: true,
    claims: rotationClaim,
    buffers: {
      rowCosines: buffer('rows', 'cosines'),
      rowSines: buffer('rows', 'sines'),
      columnCosines: buffer('columns', 'cosines'),
      columnSines: buffer('columns', 'sines'),
    },
    queryKey: (context, query, key) => ({
      query: turn(context, 'query', query, context.queryStart),
      key: turn(context, 'key', key, context.keyStart),
    }),
  }
}

function halfOf({ headSize }: PartSizes): number {
  const fix = 'Pairs of columns turn by the row, and as many by the column: change the head size.'
  checkOptions('rope-axial', { headSize }, multipleOf(4), fix)
  return headSize / 2
}
