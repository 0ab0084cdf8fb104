import {
  attention,
  type AttentionMask,
  argmax,
  crossEntropy,
  cumsum,
  type Device,
  dropout,
  gather,
  layerNorm,
  linear,
  matmul,
  max,
  mul,
  scatterAdd,
  softmax,
  sum,
  type Tensor,
  topK,
  transpose,
  valueAndGrad,
} from '@qkv/tensor'
import type { Program } from '@qkv/tensor/conformance'
import fc from 'fast-check'

/** Waves: numbers that differ everywhere, and are the same on every device. */
export function waves(device: Device, shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  return device.tensor(
    Float32Array.from({ length: size }, (_, index) => Math.sin((index + 1) * seed) * 1.5),
    { shape },
  )
}

function wholeNumbers(device: Device, shape: readonly number[], seed: number, below: number): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  const data = Int32Array.from({ length: size }, (_, index) =>
    Math.floor((Math.sin((index + 1) * seed) + 1) * 0.4999 * below),
  )
  return device.tensor(data, { shape })
}

const length = (most: number): fc.Arbitrary<number> => fc.integer({ min: 1, max: most })
const seed = fc.integer({ min: 1, max: 1000 }).map((whole) => whole * 0.377)

const products = fc
  .record({
    batch: length(3),
    rows: length(40),
    inner: length(40),
    columns: length(40),
    turned: fc.boolean(),
    seed,
  })
  .map(({ batch, rows, inner, columns, turned, seed }): Program => (device) => {
    const a = waves(device, [batch, rows, inner], seed)
    const b = turned
      ? transpose(waves(device, [batch, columns, inner], seed + 1))
      : waves(device, [batch, inner, columns], seed + 1)
    return [matmul(a, b)]
  })

/** Large enough, and of such lengths, that four columns are computed at a time. */
const packedProducts = fc
  .record({
    batch: length(2),
    rows: length(90),
    inner: length(5),
    columns: length(5),
    turned: fc.boolean(),
    seed,
  })
  .map(({ batch, rows, inner, columns, turned, seed }): Program => (device) => {
    const [k, n] = [inner * 4 + 60, columns * 4 + 60]
    const a = waves(device, [batch, rows + 80, k], seed)
    const b = turned
      ? transpose(waves(device, [batch, n, k], seed + 1))
      : waves(device, [batch, k, n], seed + 1)
    return [matmul(a, b)]
  })

const affine = fc
  .record({ rows: length(70), inner: length(20), columns: length(20), by: fc.constantFrom(1, 4), seed })
  .map(({ rows, inner, columns, by, seed }): Program => (device) => {
    const x = waves(device, [rows, inner * by], seed)
    const weight = waves(device, [columns * by, inner * by], seed + 1)
    const bias = waves(device, [columns * by], seed + 2)
    const { value, gradients } = valueAndGrad(() => sum(mul(linear(x, weight, bias), 0.5)), [x, weight, bias])
    return [value, ...gradients]
  })

/** Longer than a loop that is cut into pieces. */
const longLines = fc
  .record({ lines: length(4), long: fc.integer({ min: 200, max: 1500 }), axis: fc.constantFrom(0, 1), seed })
  .map(({ lines, long, axis, seed }): Program => (device) => {
    const x = waves(device, axis === 1 ? [lines, long] : [long, lines], seed)
    return [
      sum(x, { axis }),
      sum(x),
      max(x, { axis }),
      cumsum(x, { axis }),
      cumsum(x, { axis, reverse: true }),
      argmax(x, { axis }),
      softmax(x, { axis }),
    ]
  })

const choices = fc
  .record({
    lines: length(4),
    count: length(150),
    inner: length(3),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    seed,
  })
  .map(({ lines, count, inner, share, seed }): Program => (device) => {
    const { values, indices } = topK(waves(device, [lines, count, inner], seed), {
      k: Math.ceil(count * share),
      axis: 1,
    })
    return [values, indices]
  })

const lookUps = fc
  .record({ outer: length(3), table: length(30), inner: length(5), count: length(60), seed })
  .map(({ outer, table, inner, count, seed }): Program => (device) => {
    const indices = wholeNumbers(device, [count], seed, table)
    const updates = waves(device, [outer, count, inner], seed + 1)
    return [
      gather(waves(device, [outer, table, inner], seed), indices, { axis: 1 }),
      scatterAdd(updates, indices, { axis: 1, length: table }),
    ]
  })

const losses = fc
  .record({ rows: length(20), classes: length(50), smoothing: fc.constantFrom(0, 0.1), seed })
  .map(({ rows, classes, smoothing, seed }): Program => (device) => {
    const logits = mul(waves(device, [rows, classes], seed), 8)
    const targets = wholeNumbers(device, [rows], seed + 1, classes)
    const { value, gradients } = valueAndGrad(
      () => crossEntropy(logits, targets, { labelSmoothing: smoothing }),
      [logits],
    )
    return [value, ...gradients]
  })

const norms = fc
  .record({ rows: length(30), width: length(300), seed })
  .map(({ rows, width, seed }): Program => (device) => {
    const x = waves(device, [rows, width], seed)
    const [weight, bias] = [waves(device, [width], seed + 1), waves(device, [width], seed + 2)]
    const { value, gradients } = valueAndGrad(() => {
      // Two numbers that are nearly the same would have gradients that no float computes well.
      const y = layerNorm(x, { weight, bias, epsilon: 0.1 })
      return sum(mul(y, y))
    }, [x, weight, bias])
    return [value, ...gradients]
  })

const drops = fc
  .record({ size: length(700), rate: fc.constantFrom(0.1, 0.5, 0.9), key: fc.nat(2 ** 24 - 1), seed })
  .map(({ size, rate, key, seed }): Program => (device) => [
    dropout(waves(device, [size], seed), { rate, key: [key, 5] }),
  ])

const masks: fc.Arbitrary<AttentionMask> = fc.constantFrom<AttentionMask>(
  { kind: 'all' },
  { kind: 'causal' },
  { kind: 'window', left: 3, right: 1, sinks: 1 },
  { kind: 'and', of: [{ kind: 'causal' }, { kind: 'window', left: 2, right: 0 }] },
  { kind: 'or', of: [{ kind: 'window', left: 0, right: 0 }, { kind: 'causal' }] },
  {
    kind: 'blocks',
    size: 4,
    table: Array.from({ length: 8 }, (_, row) =>
      Array.from({ length: 8 }, (_, column) => (row + column) % 2),
    ),
  },
)

const attentions = fc
  .record({
    sizes: fc.tuple(length(2), length(2), length(2), length(20), length(20), length(8), length(8)),
    mask: masks,
    heads: fc.constantFrom('dense', 'transposed'),
    bias: fc.boolean(),
    sinks: fc.boolean(),
    lengths: fc.boolean(),
    softcap: fc.boolean(),
    rate: fc.constantFrom(0, 0, 0.3),
    seed,
  })
  .map(({ sizes, mask, heads: layout, bias, sinks, lengths, softcap, rate, seed }): Program => (device) => {
    const [batch, keyHeads, group, queries, keys, headSize, valueSize] = sizes
    const heads = keyHeads * group
    const of = (count: number, positions: number, size: number, shift: number): Tensor =>
      layout === 'dense'
        ? waves(device, [batch, count, positions, size], seed + shift)
        : transpose(waves(device, [batch, positions, count, size], seed + shift), { order: [0, 2, 1, 3] })
    const query = of(heads, queries, headSize, 1)
    const key = of(keyHeads, keys, headSize, 2)
    const value = of(keyHeads, keys, valueSize, 3)
    const further = {
      ...(bias && { bias: waves(device, [heads, 1, keys], seed + 4) }),
      ...(sinks && { sinks: waves(device, [heads], seed + 5) }),
    }
    const options = {
      mask,
      ...further,
      ...(lengths && {
        keyLengths: device.tensor(
          Int32Array.from({ length: batch }, (_, index) => Math.min(keys, index + 1)),
        ),
      }),
      ...(softcap && { softcap: 3 }),
      ...(rate > 0 && { dropout: { rate, key: [seed | 0, 7] as const } }),
      queryStart: Math.max(0, keys - queries),
    }
    const { value: total, gradients } = valueAndGrad(() => {
      const { output } = attention(query, key, value, options)
      return sum(mul(output, output))
    }, [query, key, value, ...Object.values(further)])
    return [attention(query, key, value, options).output, total, ...gradients]
  })

/** Programs of random shapes, by what they are about. */
export const programs: Readonly<Record<string, fc.Arbitrary<Program>>> = {
  products,
  packedProducts,
  affine,
  longLines,
  choices,
  lookUps,
  losses,
  norms,
  drops,
  attentions,
}
