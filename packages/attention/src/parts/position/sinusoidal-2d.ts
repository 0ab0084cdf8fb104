import { add, slice } from '@qkv/tensor'
import { checkOptions, multipleOf } from '../../check-options.ts'
import type { AttentionPart, PartSizes } from '../../part.ts'
import {
  checkGrid,
  checkGridPositions,
  gridCoordinates,
  type GridOptions,
  gridOf,
} from '../../positions/grid.ts'
import { sinusoidalTable } from '../../positions/sinusoidal-table.ts'

/**
 * Adds fixed sines and cosines of column and row to the embeddings of a grid, such as the patches of an image: the first half
 * of the width speaks of the column, the second of the row, and of each half the first half are sines. `leading` positions
 * get nothing. The width is a multiple of 4.
 *
 * @example
 * compose([scaledDot(), sinusoidal2d({ grid: [14, 14], leading: 1 })])
 */
export function sinusoidal2d(options: GridOptions = {}): AttentionPart {
  checkGrid('sinusoidal-2d', options)
  return {
    name: 'sinusoidal-2d',
    source:
      'He et al. 2021, Masked Autoencoders Are Scalable Vision Learners, appendix A.1 (arXiv 2111.06377), and its published code',
    about: {
      year: 2021,
      formula: 'x + [PE(column), PE(row)], PE(p) = [sin(p·ω_c), cos(p·ω_c)], ω_c = 10000^(-4c / width)',
      use: 'Images as patches, without parameters for their positions.',
    },
    options,
    positional: true,
    buffers: {
      table: {
        owner: 'embedding',
        persistent: false,
        create(sizes) {
          const data = tableOf(options, sizes)
          return { shape: [data.length / sizes.width, sizes.width], data }
        },
      },
    },
    embed(context, embeddings) {
      const { start } = context
      const length = embeddings.shape.at(-2)!
      const grid = gridOf(options, context)
      checkGridPositions('sinusoidal-2d', 'embeddings', { start, length, grid, leading: options.leading })
      return add(embeddings, slice(context.buffer('table'), [{ start, size: length }]))
    },
  }
}

function tableOf(options: GridOptions, sizes: PartSizes): Float64Array {
  const { width } = sizes
  const fix = 'Sines and cosines of columns and of rows share it: change the width of the model.'
  checkOptions('sinusoidal-2d', { width }, multipleOf(4), fix)
  const { leading = 0 } = options
  const grid = gridOf(options, sizes)
  const half = width / 2
  const line = sinusoidalTable(Math.max(...grid), half, { layout: 'concatenated' })
  const { rows, columns } = gridCoordinates(grid, leading)
  const table = new Float64Array(rows.length * width)
  for (let position = leading; position < rows.length; position++) {
    const [row, column] = [rows[position]!, columns[position]!]
    table.set(line.subarray(column * half, (column + 1) * half), position * width)
    table.set(line.subarray(row * half, (row + 1) * half), position * width + half)
  }
  return table
}
