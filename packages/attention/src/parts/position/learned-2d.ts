import { normal } from '@qkv/nn'
import { add, concat, matmul, reshape, slice, type Tensor } from '@qkv/tensor'
import { checkOptions, numberAbove } from '../../check-options.ts'
import type { EmbedContext } from '../../context.ts'
import type { AttentionPart, BufferDeclaration } from '../../part.ts'
import { bicubicWeights } from '../../positions/bicubic-weights.ts'
import { checkGrid, checkGridPositions, type Grid, type GridOptions, gridOf } from '../../positions/grid.ts'

export interface Learned2dOptions extends GridOptions {
  /** The grid of the trained vectors, which are interpolated to `grid`; `grid` itself unless said. */
  readonly trainedGrid?: Grid
  /** Of the numbers of the vectors at first; 0.02 unless said. */
  readonly standardDeviation?: number
}

/**
 * Adds a trained vector per cell of a grid to the embeddings, such as the patches of an image. To fine-tune on larger images
 * the trained grid is interpolated by cubics along both axes; the vectors of `leading` positions are not.
 *
 * @example
 * compose([scaledDot(), learned2d({ trainedGrid: [14, 14], grid: [24, 24], leading: 1 })])
 */
export function learned2d(options: Learned2dOptions = {}): AttentionPart {
  const { leading = 0, trainedGrid, standardDeviation = 0.02 } = options
  checkGrid('learned-2d', options)
  checkGrid('learned-2d', trainedGrid ? { grid: trainedGrid } : {}, 'trainedGrid')
  checkOptions('learned-2d', { standardDeviation }, numberAbove(0))
  /** Weights of the trained rows (axis 0) or columns (axis 1) for those of the grid. */
  const interpolation = (axis: 0 | 1): BufferDeclaration => ({
    owner: 'embedding',
    persistent: false,
    create(sizes) {
      const [from, to] = [trainedGrid![axis], gridOf(options, sizes)[axis]]
      return { shape: [to, from], data: bicubicWeights(from, to) }
    },
  })
  return {
    name: 'learned-2d',
    source:
      'Dosovitskiy et al. 2020, An Image is Worth 16x16 Words, section 3.2 (arXiv 2010.11929); cubic as in DeiT and Transformers',
    about: {
      year: 2020,
      formula: 'x + W_rows·P·W_columns^T, P trained on another grid, W of bicubic interpolation',
      use: 'Images as patches, fine-tuned at a higher resolution than that of training.',
    },
    options,
    positional: true,
    parameters: {
      table: {
        owner: 'embedding',
        shape(sizes) {
          const [height, columns] = trainedGrid ?? gridOf(options, sizes)
          return [leading + height * columns, sizes.width]
        },
        initializer: normal({ standardDeviation }),
      },
    },
    ...(trainedGrid && { buffers: { rows: interpolation(0), columns: interpolation(1) } }),
    embed(context, embeddings) {
      const { start } = context
      const length = embeddings.shape.at(-2)!
      const grid = gridOf(options, context)
      checkGridPositions('learned-2d', 'embeddings', { start, length, grid, leading })
      const trained = context.parameter('table')
      const table = trainedGrid ? interpolated(context, trained, leading, trainedGrid, grid) : trained
      return add(embeddings, slice(table, [{ start, size: length }]))
    },
  }
}

/** `[leading + cells, width]` of the one grid from that of the other. */
function interpolated(context: EmbedContext, table: Tensor, leading: number, from: Grid, to: Grid): Tensor {
  const { width } = context
  const cells = slice(table, [{ start: leading }])
  const rows = matmul(context.buffer('rows'), reshape(cells, [from[0], from[1] * width]))
  const both = matmul(context.buffer('columns'), reshape(rows, [to[0], from[1], width]))
  return concat([slice(table, [{ size: leading }]), reshape(both, [to[0] * to[1], width])], { axis: 0 })
}
