import {
  argmax,
  argmin,
  broadcastTo,
  concat,
  cumsum,
  flip,
  gather,
  oneHot,
  pad,
  repeatInterleave,
  reshape,
  roll,
  scatterAddAlongAxis,
  slice,
  sort,
  split,
  squeeze,
  stack,
  takeAlongAxis,
  tile,
  topK,
  transpose,
  tril,
  triu,
  unsqueeze,
} from '@qkv/tensor'
import type { GroupAdapter } from '../adapter.ts'
import type { CaseCall } from '../case-call.ts'
import type { Computation } from '../check-computation.ts'
import { evaluate } from '../expression/evaluate.ts'
import { takeRanges } from '../index-ranges.ts'
import { operationsAdapter } from '../operations-adapter.ts'
import { optional } from '../optional.ts'
import { reductionFunctions } from '../torch-functions.ts'

const reductions = Object.entries(reductionFunctions).map(([name, compute]): [string, Computation] => [
  name,
  (call) =>
    compute(call.input('x'), {
      axis: call.optionalNumbers('dim'),
      keepAxes: call.optionalBoolean('keepdim') ?? false,
    }),
])

/** The inputs `x0`, `x1`, ... of a case. */
const listed = (call: CaseCall): CaseCall['inputs'][string][] =>
  Object.keys(call.inputs)
    .filter((name) => /^x\d+$/.test(name))
    .toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
    .map((name) => call.input(name))

const axisAndKeep = (call: CaseCall): { axis?: number; keepAxes?: boolean } =>
  optional({ axis: call.optionalNumber('dim'), keepAxes: call.optionalBoolean('keepdim') })

export const opsReduceShape: GroupAdapter = operationsAdapter('ops_reduce_shape', {
  ...Object.fromEntries(reductions),
  max_dim(call) {
    const axis = call.number('dim')
    const { values, indices } = topK(call.input('x'), { axis, k: 1 })
    if (call.optionalBoolean('keepdim')) return { out: values, indices }
    return { out: squeeze(values, { axis }), indices: squeeze(indices, { axis }) }
  },
  argmax: (call) => argmax(call.input('x'), axisAndKeep(call)),
  argmin: (call) => argmin(call.input('x'), axisAndKeep(call)),
  cumsum: (call) => cumsum(call.input('x'), { axis: call.number('dim') }),
  sort(call) {
    const { values, indices } = sort(call.input('x'), {
      axis: call.number('dim'),
      descending: call.optionalBoolean('descending') ?? false,
    })
    return { values, indices }
  },
  topk(call) {
    const [x, axis, k] = [call.input('x'), call.number('dim'), call.number('k')]
    if (call.optionalBoolean('largest') ?? true) return { ...topK(x, { axis, k }) }
    const ascending = sort(x, { axis })
    const first = x.shape.map((_, index) => (index === (axis + x.rank) % x.rank ? { size: k } : {}))
    return { values: slice(ascending.values, first), indices: slice(ascending.indices, first) }
  },
  permute: (call) => transpose(call.input('x'), { order: call.numbers('perm') }),
  reshape: (call) => reshape(call.input('x'), call.numbers('shape')),
  broadcast_to: (call) => broadcastTo(call.input('x'), call.numbers('shape')),
  squeeze: (call) => squeeze(call.input('x'), optional({ axis: call.optionalNumbers('dim') })),
  unsqueeze: (call) => unsqueeze(call.input('x'), { axis: call.number('dim') }),
  concat: (call) => concat(listed(call), { axis: call.number('dim') }),
  stack: (call) => stack(listed(call), { axis: call.number('dim') }),
  split(call) {
    const parts = split(call.input('x'), { sizes: call.numbers('sizes'), axis: call.number('dim') })
    return Object.fromEntries(parts.map((part, index) => [`out${index}`, part]))
  },
  slice: (call) => takeRanges(call.input('x'), call.text('slice')),
  index_select: (call) => gather(call.input('x'), call.input('index'), { axis: call.number('dim') }),
  gather: (call) => takeAlongAxis(call.input('x'), call.input('index'), { axis: call.number('dim') }),
  scatter_add(call) {
    const index = call.input('index')
    // PyTorch takes a longer source, and reads as much of it as there are indices.
    const updates = slice(
      call.input('src'),
      index.shape.map((size) => ({ size })),
    )
    return scatterAddAlongAxis(call.input('x'), index, updates, { axis: call.number('dim') })
  },
  tril: (call) => tril(call.input('x'), optional({ diagonal: call.optionalNumber('diagonal') })),
  triu: (call) => triu(call.input('x'), optional({ diagonal: call.optionalNumber('diagonal') })),
  pad(call) {
    const x = call.input('x')
    // Pairs of widths before and after, from the last axis to the first.
    const widths = call.numbers('pads_last_dim_first')
    const width = (axis: number, side: number): number => widths[2 * (x.rank - 1 - axis) + side] ?? 0
    return pad(x, {
      before: x.shape.map((_, axis) => width(axis, 0)),
      after: x.shape.map((_, axis) => width(axis, 1)),
      value: call.optionalNumber('value') ?? 0,
    })
  },
  flip: (call) => flip(call.input('x'), { axis: call.numbers('dims') }),
  roll: (call) => roll(call.input('x'), { shift: call.numbers('shifts'), axis: call.numbers('dims') }),
  tile: (call) => tile(call.input('x'), call.numbers('repeats')),
  repeat_interleave: (call) =>
    repeatInterleave(call.input('x'), { repeats: call.number('repeats'), axis: call.number('dim') }),
  one_hot: (call) => oneHot(call.input('index'), { classes: call.number('num_classes'), dtype: 'int32' }),
  expr: (call) => evaluate(call.text('expr'), call.inputs),
})
