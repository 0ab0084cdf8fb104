import {
  div,
  equal,
  type Device,
  matmul,
  max,
  mul,
  repeatKeyHeads,
  reshape,
  sub,
  sum,
  type Tensor,
  transpose,
  where,
} from '@qkv/tensor'
import { maskedSoftmax } from '../../attend.ts'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import { keptKeys } from '../../mixers/features.ts'
import type { AttentionPart } from '../../part.ts'

export interface NystromOptions {
  /** Means of segments that stand for all queries and keys; 64 unless said, or each position its own where there are fewer. */
  readonly landmarks?: number
  /** Steps towards the pseudo-inverse; 6 unless said. */
  readonly iterations?: number
}

/**
 * An approximation of softmax attention in linear time: queries attend to landmark keys, landmark queries to keys, and the inverse of the
 * attention between landmarks joins both. Landmarks are means of segments of one length (up to one position); filled-up
 * positions count in no mean. With as many landmarks as positions it tends to softmax attention. The paper's convolution of the values
 * beside it is left out.
 *
 * @example
 * compose([nystrom({ landmarks: 32 }), padding()])
 */
export function nystrom(options: NystromOptions = {}): AttentionPart {
  const { landmarks = 64, iterations = 6 } = options
  checkOptions('nystrom', { landmarks, iterations }, wholeFrom(1))
  return {
    name: 'nystrom',
    source:
      'Xiong et al. 2021, Nyströmformer: A Nyström-Based Algorithm for Approximating Self-Attention (arXiv 2102.03902)',
    about: {
      year: 2021,
      formula:
        'o = softmax(q·K~ / √d) softmax(Q~·K~ / √d)^+ softmax(Q~·K / √d) V, Q~ and K~ means of segments',
      use: 'Long inputs that are read at once, with about the weights of a softmax.',
    },
    options,
    obeys: ['padding'],
    cacheable: false,
    selfOnly: 'its landmarks are means over one sequence',
    excludes: { causal: 'each landmark is a mean over a segment, which has later positions' },
    mix(context, query, key, value) {
      const [batch, heads, length, size] = query.shape as [number, number, number, number]
      const keep = keptKeys(context, length)
      const count = Math.min(landmarks, length)
      const members = segments(context.device, count, length)
      const kept = keep ? mul(members, where(keep, 1, 0)) : reshape(members, [1, count, length])
      const totals = sum(kept, { axis: -1, keepAxes: true })
      const shares = div(kept, where(equal(totals, 0), 1, totals))
      // [1 or batch, 1, count, length]
      const means = reshape(shares, [shares.shape[0]!, 1, count, length])
      const queryMarks = matmul(means, query)
      const keyMarks = repeatKeyHeads(matmul(means, key), heads)
      const real = keep && where(equal(reshape(totals, [batch, 1, 1, count]), 0), false, true)
      const positions = keep && reshape(keep, [batch, 1, 1, length])
      const weights = (rows: Tensor, columns: Tensor, keep: Tensor | undefined): Tensor =>
        maskedSoftmax(mul(matmul(rows, transpose(columns)), size ** -0.5), keep)
      const between = weights(queryMarks, keyMarks, real)
      const realRows = real && reshape(real, [batch, 1, count, 1])
      const inverse = pseudoInverse(realRows ? where(realRows, between, 0) : between, iterations)
      const gathered = weights(queryMarks, repeatKeyHeads(key, heads), positions)
      return matmul(
        matmul(weights(query, keyMarks, real), inverse),
        matmul(gathered, repeatKeyHeads(value, heads)),
      )
    },
  }
}

/** `[count, length]`: 1 where a position belongs to a segment. */
function segments(device: Device, count: number, length: number): Tensor {
  const values = new Float32Array(count * length)
  for (let position = 0; position < length; position++) {
    values[Math.floor((position * count) / length) * length + position] = 1
  }
  return device.tensor(values, { shape: [count, length] })
}

/** Razavi et al. 2014: cubic steps, from the transpose over the largest sums of rows and of columns. */
function pseudoInverse(matrix: Tensor, iterations: number): Tensor {
  const eye = segments(matrix.device, matrix.shape.at(-1)!, matrix.shape.at(-1)!)
  const largest = (axis: number): Tensor =>
    max(sum(matrix, { axis, keepAxes: true }), { axis: [-2, -1], keepAxes: true })
  const scale = mul(largest(-1), largest(-2))
  let inverse = div(transpose(matrix), where(equal(scale, 0), 1, scale))
  for (let step = 0; step < iterations; step++) {
    const product = matmul(matrix, inverse)
    const inner = sub(mul(eye, 7), product)
    const middle = sub(mul(eye, 15), matmul(product, inner))
    inverse = mul(matmul(inverse, sub(mul(eye, 13), matmul(product, middle))), 0.25)
  }
  return inverse
}
