import type { DType } from '../dtype.ts'
import type { OpSample, PrimitiveOp, VjpContext } from '../op.ts'
import { broadcastShapes } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { checkDType, numericDTypes } from './check-dtype.ts'

/** A primitive that maps each element by one formula. */
export function unaryPrimitive(definition: {
  readonly name: string
  readonly compute: (x: number) => number
  readonly vjp?: (context: VjpContext<object>) => readonly (Tensor | undefined)[]
  readonly saves?: PrimitiveOp['saves']
  readonly stopsGradient?: boolean
  readonly dtypes?: readonly DType[]
  /** Where the sample's random values lie. */
  readonly range?: readonly [number, number]
}): PrimitiveOp<object> {
  const { name, compute, vjp, saves, stopsGradient, dtypes = ['float32'], range = [-1, 1] } = definition
  const operation = name.slice(name.indexOf('/') + 1)
  return {
    name,
    kind: 'primitive',
    infer([x]) {
      checkDType(operation, 'x', x!, dtypes)
      return [x!]
    },
    reference({ inputs: [x], outputs: [out] }) {
      const source = x!.data
      const target = out!.data
      for (let index = 0; index < target.length; index++) target[index] = compute(source[index]!)
    },
    ...(vjp && { vjp }),
    ...(saves && { saves }),
    ...(stopsGradient && { stopsGradient }),
    samples: [
      { inputs: [{ shape: [2, 3], range }], attrs: {} },
      { inputs: [{ shape: [], range }], attrs: {} },
      { inputs: [{ shape: [0, 2], range }], attrs: {} },
    ],
  }
}

/** A primitive that combines two tensors of one shape and dtype, element by element. */
export function binaryPrimitive(definition: {
  readonly name: string
  readonly source?: string
  readonly compute: (a: number, b: number) => number
  readonly vjp?: (context: VjpContext<object>) => readonly (Tensor | undefined)[]
  readonly saves?: PrimitiveOp['saves']
  readonly dtypes?: readonly DType[]
  /** `bool` for comparisons; the dtype of the operands unless said. */
  readonly output?: DType
  readonly ranges?: readonly [readonly [number, number], readonly [number, number]]
}): PrimitiveOp<object> {
  const { name, source, compute, vjp, saves, dtypes = numericDTypes, output, ranges } = definition
  const operation = name.slice(name.indexOf('/') + 1)
  const sample = (shape: readonly number[], dtype: DType): OpSample<object> => ({
    inputs: [0, 1].map((index) => ({
      shape,
      dtype,
      range: ranges?.[index] ?? (dtype === 'float32' ? [-1, 1] : [-5, 6]),
    })),
    attrs: {},
  })
  return {
    name,
    kind: 'primitive',
    ...(source && { source }),
    infer([a, b]) {
      checkDType(operation, 'a', a!, dtypes)
      checkDType(operation, 'b', b!, [a!.dtype as DType])
      return [{ shape: broadcastShapes(operation, a!.shape, b!.shape), dtype: output ?? a!.dtype }]
    },
    reference({ inputs: [a, b], outputs: [out] }) {
      const left = a!.data
      const right = b!.data
      const target = out!.data
      for (let index = 0; index < target.length; index++) target[index] = compute(left[index]!, right[index]!)
    },
    ...(vjp && { vjp }),
    ...(saves && { saves }),
    samples: [
      sample([2, 3], 'float32'),
      sample([], 'float32'),
      sample([0, 2], 'float32'),
      ...(dtypes.includes('int32') ? [sample([4], 'int32')] : []),
    ],
  }
}
