import { add, mul, repeatKeyHeads, square, sub, sum, transpose } from '@qkv/tensor'
import type { AttentionPart } from '../../part.ts'
import { products } from '../../scores/products.ts'

/**
 * Scores are minus the squared distance of query and key over the square root of the head size: the nearest key gets most, and a long
 * key no more than its due. Products are not Lipschitz continuous; this is in the paper's form, in which queries and keys share one map
 * that the values go through too.
 *
 * @example
 * compose([euclidean(), padding()])
 */
export function euclidean(): AttentionPart {
  return {
    name: 'euclidean',
    source: 'Kim et al. 2020, The Lipschitz Constant of Self-Attention (arXiv 2006.04710)',
    about: {
      year: 2020,
      formula: 'S = -|q - k|² / √d',
      use: 'Look-ups by nearness, and models whose output must not jump.',
    },
    score(_, query, key) {
      const keys = repeatKeyHeads(key, query.shape[1]!)
      const rows = sum(square(query), { axis: -1, keepAxes: true })
      const columns = transpose(sum(square(keys), { axis: -1, keepAxes: true }))
      const distances = sub(add(rows, columns), mul(products(query, keys), 2))
      return mul(distances, -1 / Math.sqrt(query.shape[3]!))
    },
  }
}
