import { plainFrequencies } from './scaling/scaling.ts'

/** Cosines and sines of the angles, `[positions, rotarySize / 2]` each, row-major. */
export interface RotaryTable {
  readonly cosines: Float64Array
  readonly sines: Float64Array
}

export interface RotaryTableOptions {
  /** How many columns are turned: an even number. */
  readonly rotarySize: number
  /** 10000 unless said; larger turns more slowly, for longer sequences. */
  readonly base?: number
  /** Multiplies the positions; 1 unless said. Below 1 it interpolates positions to extend the context. */
  readonly positionScale?: number
  /** Radians per position, one for each pair; `base^(-2i / rotarySize)` unless said. */
  readonly frequencies?: ArrayLike<number>
  /** Multiplies cosines and sines, and so what is turned; 1 unless said. */
  readonly amplitude?: number
}

/**
 * The angles `position * base^(-2i / rotarySize)` as cosines and sines; formed in doubles, since large positions
 * would lose their fraction of a turn in float32.
 *
 * Source: Su et al. 2021, RoFormer, section 3.2.2; position scale: Chen et al. 2023, Extending Context Window of
 * Large Language Models via Position Interpolation.
 *
 * @example
 * const { cosines, sines } = rotaryTable([0, 1, 2], { rotarySize: 64 }) // [3, 32] each
 */
export function rotaryTable(positions: ArrayLike<number>, options: RotaryTableOptions): RotaryTable {
  const { rotarySize, base = 10000, positionScale = 1, amplitude = 1 } = options
  const { frequencies = plainFrequencies({ rotarySize, base }) } = options
  const pairs = rotarySize / 2
  const angles = new Float64Array(positions.length * pairs)
  for (let row = 0; row < positions.length; row++) {
    const position = positions[row]! * positionScale
    for (let pair = 0; pair < pairs; pair++) angles[row * pairs + pair] = position * frequencies[pair]!
  }
  return {
    cosines: angles.map((angle) => amplitude * Math.cos(angle)),
    sines: angles.map((angle) => amplitude * Math.sin(angle)),
  }
}
