import {
  additive,
  alibi,
  alibiBias,
  alibiSlopes,
  attendProjections,
  type AttentionPart,
  causal,
  compose,
  type Composition,
  linear as linearAttention,
  luong,
  type Mask,
  noMask,
  relativeBucket,
  type Projected,
  type ProjectionsCall,
  rope,
  rotaryTable,
  rotate,
  scaledDot,
  type SinusoidalLayout,
  sinusoidalTable,
} from '@qkv/attention'
import { attention as attend, linear, mul, reshape, type Tensor, tril } from '@qkv/tensor'
import type { GroupAdapter } from '../adapter.ts'
import type { CaseCall } from '../case-call.ts'
import type { GoldenCase, GoldenTensor } from '../golden-case.ts'
import { mismatch } from '../mismatch.ts'
import { operationsAdapter } from '../operations-adapter.ts'
import { addedScores } from '../torch-masks.ts'

const layouts: Readonly<Record<string, SinusoidalLayout>> = {
  interleaved: 'interleaved',
  concat: 'concatenated',
  tensor2tensor: 'tensor2tensor',
}

/** Positional parts by the words that name a combination. */
const positions: Readonly<Record<string, () => AttentionPart>> = { alibi, rope }

/** Words in the name of a combination that the case's tensors and attributes say already. */
const impliedWords: readonly string[] = ['causal', 'window', 'sliding', 'gqa']

export const attention: GroupAdapter = operationsAdapter(
  'attention',
  {
    sinusoidal_pe(call) {
      const [formula, length, width] = [call.text('formula'), call.number('length'), call.number('d_model')]
      const layout = layouts[formula]
      if (!layout) throw new Error(`no layout of sines for '${formula}' yet`)
      const table = sinusoidalTable(length, width, { layout, start: call.optionalNumber('start') ?? 0 })
      return call.device.tensor(table, { shape: [length, width] })
    },
    rope(call) {
      const rotarySize = call.number('rotary_dim')
      const { cosines, sines } = rotaryTable(call.testCase.inputs['pos']!.data, {
        rotarySize,
        base: call.number('base'),
        positionScale: call.optionalNumber('position_scale') ?? 1,
      })
      const shape = [call.input('pos').size, rotarySize / 2]
      const [cosine, sine] = [cosines, sines].map((data) => call.device.tensor(data, { shape }))
      return rotate(call.input('x'), cosine!, sine!, call.boolean('interleaved') ? 'neighbors' : 'halves')
    },
    alibi_slopes: (call) => call.device.tensor([...alibiSlopes(call.number('heads'))]),
    alibi_bias(call) {
      const [heads, queryLength, keyLength] = [call.number('heads'), call.number('tq'), call.number('tk')]
      const queryStart = keyLength - queryLength
      const symmetric = alibiBias(call.device, { heads, queryStart, queryLength, keyLength })
      return { symmetric, causal: tril(symmetric, { diagonal: queryStart }) }
    },
    t5_relative_bucket(call) {
      const names = Object.keys(call.testCase.outputs)
      return Object.fromEntries(names.map((name) => [name, relativeBuckets(call, name)]))
    },

    sdpa: scaledDotProducts,
    sdpa_fully_masked(call) {
      const [output] = Object.keys(call.testCase.outputs)
      return fusedScaledDotProducts(call, output!.slice('out'.length))
    },
    gqa(call) {
      const keep = call.optionalInput('keep')
      return attend(call.input('q'), call.input('k'), call.input('v'), {
        mask: keep ? { kind: 'tensor', input: 0 } : { kind: 'all' },
        masks: keep ? [keep] : [],
      }).output
    },
    sliding_window: (call) => composed(call, [scaledDot()], windowOf(call)),
    attention_combo(call) {
      const words = call.text('combo').split(/[^a-z0-9]+/)
      const named = words.filter((word) => !impliedWords.includes(word))
      const parts = named.map((word) => (positions[word] ?? noPart(word))())
      const order = call.boolean('causal') ? [causal()] : []
      return composed(call, [scaledDot(), ...parts, ...order], windowOf(call))
    },
    linear_attention(call) {
      if (call.text('feature_map') !== 'elu+1')
        throw new Error(`no features '${call.text('feature_map')}' yet`)
      const order = call.boolean('causal') ? [causal()] : []
      return composed(call, [linearAttention({ epsilon: call.number('eps') }), ...order], noMask)
    },

    additive_attention(call) {
      const bias = call.boolean('bias') ? call.parameter('b') : undefined
      const query = linear(call.input('query'), call.parameter('W_q'), bias)
      const key = linear(call.input('keys'), call.parameter('W_k'))
      const vector = reshape(call.parameter('v'), [1, call.parameter('v').size])
      return alignment(call, query, key, additive(), { vector })
    },
    luong_attention(call) {
      const weight = call.parameter('W')
      const parameters = { weight: reshape(weight, [1, ...weight.shape]) }
      return alignment(call, call.input('query'), call.input('keys'), luong(), parameters)
    },
  },
  [
    {
      reason: 'a query with no key to attend to gives zeros, never nan and never the mean of all values',
      appliesTo: ({ op, outputs }) => op === 'sdpa_fully_masked' && !('out_zero' in outputs),
      check(outputs, testCase) {
        const [name, stored] = Object.entries(testCase.outputs)[0]!
        return mismatch(outputs[name]!, zeroedWithoutKeys(stored, testCase))
      },
    },
  ],
)

function noPart(name: string): never {
  throw new Error(`no part for '${name}' yet`)
}

/** The output of the fused operation, and the weights as a tap of the stages sees them. */
function scaledDotProducts(call: CaseCall): Readonly<Record<string, Tensor>> {
  const [query, key, value] = [call.input('q'), call.input('k'), call.input('v')]
  const [scale, bias, keep] = [
    call.optionalNumber('scale'),
    call.optionalInput('bias'),
    call.optionalInput('keep'),
  ]
  const { output } = attend(query, key, value, {
    mask: keep ? { kind: 'tensor', input: 0 } : { kind: 'all' },
    masks: keep ? [keep] : [],
    ...(bias && { bias }),
    ...(scale !== undefined && { scale }),
  })
  const composition = compose([scaledDot(), ...(bias ? [addedScores('given-bias', bias)] : [])])
  const ownScale = 1 / Math.sqrt(query.shape[3]!)
  const scaled = scale === undefined ? query : mul(query, scale / ownScale)
  const mask: Mask = keep ? { kind: 'tensor', keep } : noMask
  const { weights } = withWeights(call, composition, { query: scaled, key, value }, { mask })
  return { out: output, weights }
}

/** The output of the fused operation, and its weights: what it makes of an identity matrix in place of the values. */
function fusedScaledDotProducts(call: CaseCall, suffix: string): Readonly<Record<string, Tensor>> {
  const [query, key, value] = [call.input('q'), call.input('k'), call.input('v')]
  const [batch, heads, keys] = key.shape as [number, number, number]
  const scale = call.optionalNumber('scale')
  const over = (values: Tensor): Tensor =>
    attend(query, key, values, {
      mask: { kind: 'tensor', input: 0 },
      masks: [call.input('keep')],
      ...(scale !== undefined && { scale }),
    }).output
  const identity = Float32Array.from({ length: batch * heads * keys * keys }, (_, index) =>
    Number(Math.floor(index / keys) % keys === index % keys),
  )
  return {
    [`out${suffix}`]: over(value),
    [`weights${suffix}`]: over(call.device.tensor(identity, { shape: [batch, heads, keys, keys] })),
  }
}

/**
 * The buckets of all offsets. Outputs other than `out` hold what rounded logarithms give: at the offsets that the case
 * names as ambiguous they are taken as they are.
 */
function relativeBuckets(call: CaseCall, output: string): Tensor {
  const options = {
    buckets: call.number('num_buckets'),
    maximumDistance: call.number('max_distance'),
    bidirectional: call.boolean('bidirectional'),
  }
  const ambiguous = output === 'out' ? [] : call.numbers('ambiguous_rel')
  const { data, shape } = call.testCase.inputs['rel']!
  const stored = call.testCase.outputs[output]!.data
  const buckets = Int32Array.from(data, (offset, index) =>
    ambiguous.includes(offset) ? stored[index]! : relativeBucket(offset, options),
  )
  return call.device.tensor(buckets, { shape })
}

function withWeights(
  call: CaseCall,
  composition: Composition,
  projected: Projected,
  options: Omit<ProjectionsCall, 'tap'>,
): { readonly output: Tensor; readonly weights: Tensor } {
  let weights: Tensor | undefined
  const output = attendProjections(composition, projected, {
    ...options,
    tap(site, tensor) {
      if (site === 'weights') weights = call.device.keep(tensor)
      return tensor
    },
  })
  return { output, weights: weights! }
}

/** Multi-head projections under a composition of parts; queries are the last of the positions. */
function composed(call: CaseCall, parts: readonly AttentionPart[], mask: Mask): Tensor {
  const [query, key, value] = [call.input('q'), call.input('k'), call.input('v')]
  const queryStart = key.shape[2]! - query.shape[2]!
  return attendProjections(compose(parts), { query, key, value }, { mask, queryStart })
}

function windowOf(call: CaseCall): Mask {
  const window = call.optionalNumber('window')
  if (window === undefined) return noMask
  return call.boolean('causal')
    ? { kind: 'window', left: window - 1, right: 0 }
    : { kind: 'window', left: window, right: window }
}

/** One head whose values are the keys before projection, as in the first translation models with attention. */
function alignment(
  call: CaseCall,
  query: Tensor,
  key: Tensor,
  part: AttentionPart,
  parameters: Readonly<Record<string, Tensor>>,
): Readonly<Record<string, Tensor>> {
  const oneHead = (x: Tensor): Tensor => reshape(x, [x.shape[0]!, 1, x.shape[1]!, x.shape[2]!])
  const keep = call.optionalInput('keep')
  const { output, weights } = withWeights(
    call,
    compose([part]),
    { query: oneHead(query), key: oneHead(key), value: oneHead(call.input('keys')) },
    {
      mask: keep ? { kind: 'tensor', keep: reshape(keep, [keep.shape[0]!, 1, 1, keep.shape[1]!]) } : noMask,
      parameters: { [part.name]: parameters },
    },
  )
  const withoutHead = (x: Tensor): Tensor => reshape(x, [x.shape[0]!, x.shape[2]!, x.shape[3]!])
  return { context: withoutHead(output), weights: withoutHead(weights) }
}

/** A stored output `[batch, heads, query, headSize]` with zeros for the queries that keep no key. */
function zeroedWithoutKeys(stored: GoldenTensor, { inputs }: GoldenCase): GoldenTensor {
  const keep = inputs['keep']!
  const columns = stored.shape.at(-1)!
  const keys = keep.shape.at(-1)!
  const rowAxes = stored.shape.slice(0, -1)
  const keepAxes = [...rowAxes.map(() => 1), ...keep.shape.slice(0, -1)].slice(-rowAxes.length)
  const data = stored.data.map((value, index) => {
    let row = Math.floor(index / columns)
    let [keepRow, stride] = [0, 1]
    for (let axis = rowAxes.length - 1; axis >= 0; axis--) {
      if (keepAxes[axis] !== 1) keepRow += (row % rowAxes[axis]!) * stride
      stride *= keepAxes[axis]!
      row = Math.floor(row / rowAxes[axis]!)
    }
    return keep.data.subarray(keepRow * keys, (keepRow + 1) * keys).includes(1) ? value : 0
  })
  return { ...stored, data }
}
