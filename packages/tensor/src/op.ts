import type { Layout } from './backend/backend.ts'
import type { DType, HostArray, TensorSpec } from './dtype.ts'
import type { Tensor } from './tensor.ts'

/** An input of a sample call: random numbers in `range`, or `values`. */
export interface SampleInput {
  readonly shape: readonly number[]
  /** `float32` unless said. */
  readonly dtype?: DType
  /** Where random values are drawn from, `[-1, 1)` unless said; whole numbers for `int32`. */
  readonly range?: readonly [low: number, high: number]
  readonly values?: readonly number[]
}

/** A call that the conformance suites run and differentiate, each alone. */
export interface OpSample<Attrs> {
  readonly inputs: readonly SampleInput[]
  readonly attrs: Attrs
  readonly scalars?: readonly number[]
}

/** A tensor in host memory, dense and row-major from index 0 (`copy` alone sees strides and an offset). */
export interface HostTensor {
  readonly shape: readonly number[]
  readonly dtype: TensorSpec['dtype']
  readonly data: HostArray
  readonly layout: Layout
}

/** What a reference implementation reads, and the zeroed outputs that it fills. */
export interface ReferenceContext<Attrs> {
  readonly inputs: readonly HostTensor[]
  readonly outputs: readonly HostTensor[]
  readonly attrs: Attrs
  readonly scalars: readonly number[]
}

/** What a gradient rule sees: the vector-Jacobian product of one recorded call. */
export interface VjpContext<Attrs> {
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
  /** Gradient of the loss with respect to the first output. */
  readonly gradient: Tensor
  /** Gradients of all outputs; `undefined` where nothing flowed back. */
  readonly outputGradients: readonly (Tensor | undefined)[]
  readonly attrs: Attrs
  readonly scalars: readonly number[]
  /** Which inputs want a gradient: skip the others. */
  readonly needs: readonly boolean[]
}

interface OpBase<Attrs> {
  /** Namespaced, e.g. `qkv/matmul`; kernels are keyed by it. */
  readonly name: string
  /** Paper or standard, with section. */
  readonly source?: string
  /** Output specs for given inputs. Owns every check of the arguments. */
  infer(inputs: readonly TensorSpec[], attrs: Attrs): readonly TensorSpec[]
  /** Gradients of the inputs, written with ops, so that it runs on any backend and can be differentiated again. */
  vjp?(context: VjpContext<Attrs>): readonly (Tensor | undefined)[]
  /** Indices of the inputs and outputs whose values `vjp` reads; all of them unless said. Shapes are always there. */
  readonly saves?: { readonly inputs?: readonly number[]; readonly outputs?: readonly number[] }
  /** How far a kernel may be from the definition, relative, where that is more than rounding of float32. */
  readonly relativeTolerance?: number
  /** No gradient passes through, e.g. `floor`. */
  readonly stopsGradient?: boolean
  readonly samples: readonly OpSample<Attrs>[]
}

/** An op that every backend must have, with the TypeScript that defines it. */
export interface PrimitiveOp<Attrs = unknown> extends OpBase<Attrs> {
  readonly kind: 'primitive'
  reference(context: ReferenceContext<Attrs>): void
}

/** An op defined by other ops, which a backend may fuse. */
export interface CompositeOp<Attrs = unknown> extends OpBase<Attrs> {
  readonly kind: 'composite'
  decompose(inputs: readonly Tensor[], attrs: Attrs, scalars: readonly number[]): readonly Tensor[]
}

/** An op that only changes how a buffer is read; `'copy'` when no strides can express it. */
export interface ViewOp<Attrs = unknown> extends OpBase<Attrs> {
  readonly kind: 'view'
  relayout(layout: Layout, spec: TensorSpec, attrs: Attrs): Layout | 'copy'
}

/** One operation as a value: shape rule, definition, gradient and samples together. */
export type Op<Attrs = unknown> = PrimitiveOp<Attrs> | CompositeOp<Attrs> | ViewOp<Attrs>
