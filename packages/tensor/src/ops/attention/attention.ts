import type { CompositeOp } from '../../op.ts'
import type { RandomKey } from '../../random/random-stream.ts'
import type { Tensor } from '../../tensor.ts'
import { div } from '../div.ts'
import { dropout } from '../dropout.ts'
import { add } from '../add.ts'
import { equal } from '../equal.ts'
import { exp } from '../exp.ts'
import { log } from '../log.ts'
import { matmul } from '../matmul.ts'
import { max } from '../max.ts'
import { maximum } from '../maximum.ts'
import { mul } from '../mul.ts'
import { reshape } from '../reshape.ts'
import { sub } from '../sub.ts'
import { sum } from '../sum.ts'
import { tag } from '../tag.ts'
import { where } from '../where.ts'
import { type AttentionAttrs, attentionInputs, checkAttention } from './arguments.ts'
import { attentionBackwardOp } from './attention-backward.ts'
import type { AttentionMask } from './mask.ts'
import { keepTensor, maskedScores, repeatKeyHeads } from './scores.ts'

/**
 * Scalars: position of the first query, and the two words of the dropout key.
 * Outputs: `[batch, heads, query, valueSize]` and the log-sum-exp of the scores `[batch, heads, query]`.
 */
export const attentionOp: CompositeOp<AttentionAttrs> = {
  name: 'qkv/attention',
  kind: 'composite',
  source:
    'Vaswani et al. 2017, Attention Is All You Need, section 3.2.1; tiles: Dao et al. 2022, FlashAttention',
  infer(specs, attrs) {
    checkAttention(specs, attrs)
    const { query, value } = attentionInputs(specs, attrs)
    const rows = query.shape.slice(0, 3)
    return [
      { shape: [...rows, value.shape[3]!], dtype: 'float32' },
      { shape: rows, dtype: 'float32' },
    ]
  },
  decompose(tensors, attrs, scalars) {
    const inputs = attentionInputs(tensors, attrs)
    const { query, key, value, sinks } = inputs
    const heads = query.shape[1]!
    const scores = maskedScores(inputs, attrs, keepTensor(inputs, attrs, scalars[0]!))
    const sinkLogits = sinks && reshape(sinks, [1, heads, 1, 1])
    // A row without keys has no maximum: 0 keeps its exponentials at 0 and not NaN.
    const peak =
      key.shape[2] === 0
        ? mul(sum(scores, { axis: -1, keepAxes: true }), 0)
        : max(scores, { axis: -1, keepAxes: true })
    const finitePeak = where(equal(peak, -Infinity), 0, peak)
    const shift = sinkLogits ? maximum(finitePeak, sinkLogits) : finitePeak
    const exponentials = exp(sub(scores, shift))
    const keys = sum(exponentials, { axis: -1, keepAxes: true })
    const total = sinkLogits ? add(keys, exp(sub(sinkLogits, shift))) : keys
    const weights = tag('attention.weights', div(exponentials, where(equal(total, 0), 1, total)))
    const dropped = dropout(weights, { rate: attrs.dropoutRate, key: [scalars[1]!, scalars[2]!] })
    const output = matmul(dropped, repeatKeyHeads(value, heads))
    return [output, reshape(add(shift, log(total)), query.shape.slice(0, 3))]
  },
  vjp({ inputs, outputs: [output, logSumExp], gradient, outputGradients, attrs, scalars, needs }) {
    const own = sum(mul(gradient, output!), { axis: -1 })
    const delta = outputGradients[1] ? sub(own, outputGradients[1]) : own
    const { device } = gradient
    const backwardInputs = [...inputs, logSumExp!, gradient, delta]
    const biasAt = 3 + attrs.masks
    const needsBias = attrs.hasBias && needs[biasAt]!
    const gradients = device.apply(attentionBackwardOp, backwardInputs, { ...attrs, needsBias }, scalars)
    const rest = gradients.slice(3)
    return inputs.map((_, index) => {
      if (index < 3) return gradients[index]
      if (attrs.hasBias && index === biasAt) return needsBias ? rest.shift() : undefined
      if (attrs.hasSinks && index === biasAt + Number(attrs.hasBias)) return rest.shift()
      return undefined
    })
  },
  samples: [
    sample({}, [2, 2, 3, 4], [2, 2, 5, 4]),
    sample({ mask: { kind: 'causal' } }, [1, 2, 4, 2], [1, 2, 4, 2]),
    sample({ mask: { kind: 'window', left: 1, right: 0, sinks: 1 } }, [1, 1, 4, 2], [1, 1, 4, 2]),
    // Queries that pass over a block, and queries that see a single one.
    sample(
      {
        mask: {
          kind: 'blocks',
          size: 2,
          table: [
            [1, 0, 1],
            [0, 1, 0],
          ],
        },
      },
      [1, 2, 4, 2],
      [1, 2, 6, 2],
    ),
    sample(
      { softcap: 2, hasBias: true, hasSinks: true },
      [1, 4, 2, 2],
      [1, 2, 3, 2],
      [{ shape: [4, 2, 3] }, { shape: [4] }],
    ),
    sample(
      {
        mask: { kind: 'and', of: [{ kind: 'causal' }, { kind: 'tensor', input: 0 }] },
        masks: 1,
        hasKeyLengths: true,
      },
      [2, 1, 2, 2],
      [2, 1, 4, 2],
      [
        { shape: [2, 1, 1, 4], dtype: 'bool', values: [1, 0, 1, 1, 1, 0, 0, 1] },
        { shape: [2], dtype: 'int32', values: [3, 4] },
      ],
      [2, 0, 0],
    ),
    sample({ dropoutRate: 0.4 }, [1, 2, 3, 2], [1, 2, 4, 2], [], [0, 5, 6]),
  ],
}

function sample(
  attrs: Partial<AttentionAttrs>,
  query: readonly number[],
  key: readonly number[],
  further: CompositeOp['samples'][number]['inputs'] = [],
  scalars: readonly number[] = [0, 0, 0],
): CompositeOp<AttentionAttrs>['samples'][number] {
  const plain: AttentionAttrs = {
    scale: 0.7,
    softcap: null,
    mask: { kind: 'all' },
    masks: 0,
    hasBias: false,
    hasSinks: false,
    hasKeyLengths: false,
    dropoutRate: 0,
  }
  return {
    inputs: [{ shape: query }, { shape: key }, { shape: key }, ...further],
    attrs: { ...plain, ...attrs },
    scalars,
  }
}

export interface AttentionOptions {
  /** Which keys each query may attend to; every key is `{ kind: 'all' }`. */
  readonly mask: AttentionMask
  /** `bool` tensors that the mask's `tensor` leaves name by index; broadcast to `[batch, heads, query, key]`. */
  readonly masks?: readonly Tensor[]
  /** `1 / sqrt(headSize)` unless said. */
  readonly scale?: number
  /** Bounds the scores smoothly (Gemma 2). */
  readonly softcap?: number
  /** Added to the scores; broadcasts to `[batch, heads, query, key]`. */
  readonly bias?: Tensor
  /** `[heads]`: a learned logit per head that takes weight without giving a value. */
  readonly sinks?: Tensor
  /** `[batch]`, int32: keys from there on are unused capacity. */
  readonly keyLengths?: Tensor
  /** Position of the first query, when earlier keys are cached; 0 unless said. */
  readonly queryStart?: number
  readonly dropout?: { readonly rate: number; readonly key: RandomKey }
}

/** The output, and what a gradient or a merge of partial attentions needs. */
export interface AttentionResult {
  /** `[batch, heads, query, valueSize]` */
  readonly output: Tensor
  /** `[batch, heads, query]`; minus infinity where a query has no key. */
  readonly logSumExp: Tensor
}

/**
 * Scaled dot-product attention as one fused operation.
 *
 * `query` is `[batch, heads, query, headSize]`, `key` `[batch, keyHeads, key, headSize]`, `value`
 * `[batch, keyHeads, key, valueSize]`; `keyHeads` divides `heads` (grouped queries). A query with no key to attend
 * to gives zeros. Throws a `ShapeError`, `DTypeError` or `ArgumentError` that names the argument.
 *
 * @example
 * const { output } = attention(query, key, value, { mask: { kind: 'causal' } })
 */
export function attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: AttentionOptions,
): AttentionResult {
  const { masks = [], bias, sinks, keyLengths, queryStart = 0, dropout } = options
  const further = [bias, sinks, keyLengths].filter((tensor) => tensor !== undefined)
  const attrs: AttentionAttrs = {
    scale: options.scale ?? 1 / Math.sqrt(query.shape.at(-1) ?? 1),
    softcap: options.softcap ?? null,
    mask: options.mask,
    masks: masks.length,
    hasBias: bias !== undefined,
    hasSinks: sinks !== undefined,
    hasKeyLengths: keyLengths !== undefined,
    dropoutRate: dropout?.rate ?? 0,
  }
  const scalars = [queryStart, ...(dropout?.key ?? [0, 0])]
  const inputs = [query, key, value, ...masks, ...further]
  const [output, logSumExp] = query.device.apply(attentionOp, inputs, attrs, scalars)
  return { output: output!, logSumExp: logSumExp! }
}
