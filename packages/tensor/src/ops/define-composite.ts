import type { DType } from '../dtype.ts'
import type { CompositeOp, OpSample, VjpContext } from '../op.ts'
import { broadcastShapes } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { checkDType } from './check-dtype.ts'

/** A composite that maps tensors of one shape and dtype element by element, so that a backend may fuse it. */
export function elementwiseComposite<Attrs>(definition: {
  readonly name: string
  readonly source?: string
  /** The names of the inputs in errors. */
  readonly inputs: readonly string[]
  readonly compute: (inputs: readonly Tensor[], attrs: Attrs) => Tensor
  readonly vjp?: (context: VjpContext<Attrs>) => readonly (Tensor | undefined)[]
  readonly saves?: CompositeOp['saves']
  readonly stopsGradient?: boolean
  readonly dtypes?: readonly DType[]
  /** `bool` for conditions; the dtype of the inputs unless said. */
  readonly output?: DType
  /** The attributes of the samples. */
  readonly attrs: readonly Attrs[]
  /** Where the random values of float samples lie. */
  readonly range?: readonly [number, number]
}): CompositeOp<Attrs> {
  const { name, source, inputs, compute, vjp, saves, stopsGradient, output } = definition
  const { dtypes = ['float32'], attrs, range = [-1, 1] } = definition
  const operation = name.slice(name.indexOf('/') + 1)
  const ranges: Readonly<Record<DType, readonly [number, number]>> = {
    float32: range,
    int32: [-5, 6],
    bool: [0, 2],
    int8: [-128, 128],
  }
  const sample = (shape: readonly number[], dtype: DType, attrs: Attrs): OpSample<Attrs> => ({
    inputs: inputs.map(() => ({ shape, dtype, range: ranges[dtype] })),
    attrs,
  })
  return {
    name,
    kind: 'composite',
    ...(source && { source }),
    infer(specs) {
      const first = specs[0]!
      checkDType(operation, inputs[0]!, first, dtypes)
      for (const [index, spec] of specs.entries()) {
        checkDType(operation, inputs[index]!, spec, [first.dtype as DType])
      }
      const shape = specs
        .map((spec) => spec.shape)
        .reduce((shape, other) => broadcastShapes(operation, shape, other))
      return [{ shape, dtype: output ?? first.dtype }]
    },
    decompose: (tensors, attrs) => [compute(tensors, attrs)],
    ...(vjp && { vjp }),
    ...(saves && { saves }),
    ...(stopsGradient && { stopsGradient }),
    samples: [
      ...dtypes.map((dtype) => sample([2, 3], dtype, attrs[0]!)),
      sample([], dtypes[0]!, attrs[0]!),
      sample([0, 2], dtypes[0]!, attrs[0]!),
      ...attrs.slice(1).map((variant) => sample([7], dtypes[0]!, variant)),
    ],
  }
}

/** An elementwise composite of one input, without attributes. */
export function unaryComposite(definition: {
  readonly name: string
  readonly source?: string
  readonly compute: (x: Tensor) => Tensor
  readonly vjp?: (context: VjpContext<object>) => readonly (Tensor | undefined)[]
  readonly saves?: CompositeOp['saves']
  readonly stopsGradient?: boolean
  readonly dtypes?: readonly DType[]
  readonly output?: DType
  readonly range?: readonly [number, number]
}): CompositeOp<object> {
  const { compute, ...rest } = definition
  return elementwiseComposite<object>({
    ...rest,
    inputs: ['x'],
    compute: ([x]) => compute(x!),
    attrs: [{}],
  })
}
