import { less, neg, randomUniform, where } from '@qkv/tensor'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionPart } from '../../part.ts'
import { projectedSide } from '../../positions/projected-side.ts'

export interface LaplacianOptions {
  /** How many eigenvectors there are; 8 unless said. */
  readonly count?: number
}

/**
 * Adds a trained projection of each node's elements of the eigenvectors of the graph's Laplacian, which `laplacianEigenvectors`
 * makes: near nodes have near ones. Each call brings them as the side input `eigenvectors`, `float32` `[batch, length, count]`.
 *
 * The sign of an eigenvector means nothing: while training, each one's is drawn anew for every graph; otherwise they are taken as
 * they are given.
 *
 * @example
 * positions.forward(nodes, 0, { eigenvectors }) // of compose([scaledDot(), laplacian({ count: 4 })])
 */
export function laplacian(options: LaplacianOptions = {}): AttentionPart {
  const { count = 8 } = options
  checkOptions('laplacian', { count }, wholeFrom(1))
  return {
    name: 'laplacian',
    source: 'Dwivedi and Bresson 2020, A Generalization of Transformer Networks to Graphs (arXiv 2012.09699)',
    about: {
      year: 2020,
      formula:
        'x_i + λ_i·C + c, λ_i the elements of eigenvectors of I - D^(-1/2)·A·D^(-1/2), of random signs in training',
      use: 'Graphs, whose nodes have a place but no order.',
    },
    options,
    ...projectedSide({
      part: 'laplacian',
      name: 'eigenvectors',
      columns: count,
      prepare(context, rows) {
        if (!context.training) return rows
        const signs = randomUniform(context.device, [rows.shape[0]!, 1, count], { key: context.nextKey() })
        return where(less(signs, 0.5), rows, neg(rows))
      },
    }),
  }
}
