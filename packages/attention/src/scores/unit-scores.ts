import { type Initializer, normal } from '@qkv/nn'

/** Normal numbers whose products with vectors along the last axis keep the size of one element: scores start at about unit size. */
export const unitScores: Initializer = (init, shape) =>
  normal({ standardDeviation: shape.at(-1)! ** -0.5 })(init, shape)
