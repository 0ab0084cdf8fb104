import {
  avgPool2d,
  batchNorm,
  binaryCrossEntropyWithLogits,
  conv1d,
  conv2d,
  type ConvolutionOptions,
  cosineSimilarity,
  crossEntropy,
  einsum,
  embedding,
  geglu,
  groupNorm,
  klDivergence,
  layerNorm,
  linear,
  logSoftmax,
  type LossOptions,
  type LossReduction,
  matmul,
  maxPool2d,
  meanAbsoluteError,
  meanSquaredError,
  type PoolOptions,
  reshape,
  rmsNorm,
  smoothL1,
  softCrossEntropy,
  softmax,
  swiglu,
  type Tensor,
  transpose,
} from '@qkv/tensor'
import type { GroupAdapter } from '../adapter.ts'
import type { CaseCall } from '../case-call.ts'
import type { Computation } from '../check-computation.ts'
import { operationsAdapter } from '../operations-adapter.ts'

export const opsLinalgNn: GroupAdapter = operationsAdapter('ops_linalg_nn', {
  matmul: (call) => productOfAnyRank(call.input('a'), call.input('b')),
  matmul_t: (call) => {
    const [a, b] = [call.input('a'), call.input('b')]
    return matmul(
      call.boolean('transposeA') ? transpose(a) : a,
      call.boolean('transposeB') ? transpose(b) : b,
    )
  },
  linear: (call) => linear(call.input('x'), call.input('weight'), call.optionalInput('bias')),
  einsum: (call) => einsum(call.text('equation'), ...Object.values(call.inputs)),

  softmax: (call) => softmax(call.input('x'), { axis: call.number('dim') }),
  log_softmax: (call) => logSoftmax(call.input('x'), { axis: call.number('dim') }),

  layer_norm: (call) =>
    layerNorm(call.input('x'), {
      ...scales(call),
      normalizedShape: call.numbers('normalized_shape'),
      epsilon: call.number('eps'),
    }),
  rms_norm: (call) =>
    rmsNorm(call.input('x'), { weight: call.optionalInput('weight'), epsilon: call.number('eps') }),
  batch_norm: (call) =>
    batchNorm(call.input('x'), {
      ...scales(call),
      epsilon: call.number('eps'),
      ...(!call.boolean('training') && {
        statistics: { mean: call.input('running_mean'), variance: call.input('running_var') },
      }),
    }),
  group_norm: (call) =>
    groupNorm(call.input('x'), {
      ...scales(call),
      groups: call.number('num_groups'),
      epsilon: call.number('eps'),
    }),

  embedding: (call) =>
    embedding(call.input('index'), call.input('weight'), {
      paddingIndex: call.optionalNumber('padding_idx') ?? null,
    }),
  conv1d: (call) => conv1d(call.input('x'), call.input('weight'), convolutionOptions(call)),
  conv2d: (call) => conv2d(call.input('x'), call.input('weight'), convolutionOptions(call)),
  max_pool2d: (call) => maxPool2d(call.input('x'), poolOptions(call)),
  avg_pool2d: (call) => avgPool2d(call.input('x'), poolOptions(call)),

  cross_entropy: (call) =>
    crossEntropy(call.input('logits'), call.input('target'), {
      reduction: reduction(call),
      labelSmoothing: call.optionalNumber('label_smoothing') ?? 0,
      ignoreIndex: call.optionalNumber('ignore_index') ?? null,
      classAxis: call.number('class_axis'),
      classWeights: call.optionalInput('class_weight'),
    }),
  cross_entropy_soft: (call) =>
    softCrossEntropy(call.input('logits'), call.input('target'), {
      reduction: reduction(call),
      labelSmoothing: call.optionalNumber('label_smoothing') ?? 0,
      classAxis: call.optionalNumber('class_axis') ?? -1,
    }),
  mse_loss: pairLoss(meanSquaredError),
  l1_loss: pairLoss(meanAbsoluteError),
  smooth_l1_loss: (call) =>
    smoothL1(call.input('x'), call.input('y'), { reduction: reduction(call), beta: call.number('beta') }),
  bce_with_logits: pairLoss(binaryCrossEntropyWithLogits),
  kl_div: (call) => {
    if (call.text('input') !== 'log_softmax(x)' || call.text('target') !== 'probabilities') {
      throw new Error(`kl_div of ${call.text('input')} and ${call.text('target')} is not mapped`)
    }
    const named = call.text('reduction')
    return klDivergence(logSoftmax(call.input('x')), call.input('y'), {
      reduction: named === 'batchmean' ? 'batchMean' : reduction(call),
    })
  },
  cosine_similarity: (call) =>
    cosineSimilarity(call.input('x'), call.input('y'), {
      axis: call.number('dim'),
      epsilon: call.number('eps'),
    }),

  swiglu: gatedFeedForward(swiglu),
  geglu: gatedFeedForward(geglu),
})

/** NumPy's convention: a vector is a row on the left and a column on the right, and its axis is dropped again. */
function productOfAnyRank(a: Tensor, b: Tensor): Tensor {
  const left = a.rank === 1 ? reshape(a, [1, ...a.shape]) : a
  const right = b.rank === 1 ? reshape(b, [...b.shape, 1]) : b
  const product = matmul(left, right)
  const shape = [...product.shape]
  if (b.rank === 1) shape.splice(-1, 1)
  if (a.rank === 1) shape.splice(b.rank === 1 ? -1 : -2, 1)
  return reshape(product, shape)
}

function scales(call: CaseCall): { readonly weight: Tensor | undefined; readonly bias: Tensor | undefined } {
  return { weight: call.optionalInput('weight'), bias: call.optionalInput('bias') }
}

function convolutionOptions(call: CaseCall): ConvolutionOptions {
  const [stride, padding, dilation] = ['stride', 'padding', 'dilation'].map((name) => perAxis(call, name))
  return {
    bias: call.optionalInput('bias'),
    stride: stride ?? 1,
    padding: padding ?? 0,
    dilation: dilation ?? 1,
    groups: call.optionalNumber('groups') ?? 1,
  }
}

function poolOptions(call: CaseCall): PoolOptions {
  const [kernelSize, stride, padding] = ['kernel', 'stride', 'padding'].map((name) => perAxis(call, name))
  if (kernelSize === undefined) throw new Error(`a case of op '${call.testCase.op}' without 'kernel'`)
  return { kernelSize, stride: stride ?? kernelSize, padding: padding ?? 0 }
}

/** A single number stands for all spatial axes. */
function perAxis(call: CaseCall, name: string): number | readonly number[] | undefined {
  const list = call.optionalNumbers(name)
  return list?.length === 1 ? list[0] : list
}

function reduction(call: CaseCall): LossReduction {
  const name = call.text('reduction')
  if (name === 'mean' || name === 'sum' || name === 'none') return name
  throw new Error(`reduction '${name}' is not mapped`)
}

function pairLoss(loss: (x: Tensor, y: Tensor, options: LossOptions) => Tensor): Computation {
  return (call) => loss(call.input('x'), call.input('y'), { reduction: reduction(call) })
}

function gatedFeedForward(gated: (gate: Tensor, value: Tensor) => Tensor): Computation {
  return (call) => {
    const x = call.input('x')
    const hidden = gated(linear(x, call.input('w_gate')), linear(x, call.input('w_up')))
    return linear(hidden, call.input('w_down'))
  }
}
