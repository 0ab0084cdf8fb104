import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionPart } from '../../part.ts'
import { projectedSide } from '../../positions/projected-side.ts'

export interface RandomWalkOptions {
  /** How many steps were walked; 16 unless said. */
  readonly steps?: number
}

/**
 * Adds a trained projection of how likely a random walk from each node is back after 1, 2, ... steps, which
 * `randomWalkLandings` makes: it tells nodes apart by the graph around them, and has no signs to choose. Each call brings it as
 * the side input `landings`, `float32` `[batch, length, steps]`.
 *
 * @example
 * positions.forward(nodes, 0, { landings }) // of compose([scaledDot(), randomWalk({ steps: 16 })])
 */
export function randomWalk(options: RandomWalkOptions = {}): AttentionPart {
  const { steps = 16 } = options
  checkOptions('random-walk', { steps }, wholeFrom(1))
  return {
    name: 'random-walk',
    source:
      'Dwivedi et al. 2021, Graph Neural Networks with Learnable Structural and Positional Representations (arXiv 2110.07875)',
    about: {
      year: 2021,
      formula: 'x_i + p_i·C + c, p_i = [R_ii, R²_ii, ...] with R = D^-1·A',
      use: 'Graphs such as molecules, where rings and chains look different from each node.',
    },
    options,
    ...projectedSide({ part: 'random-walk', name: 'landings', columns: steps }),
  }
}
