import type { Op } from './op.ts'
import type { Tensor } from './tensor.ts'

/** One call of `device.apply`, before relayout and decomposition. */
export interface ObservedCall {
  readonly op: Op
  readonly attrs: unknown
  readonly scalars: readonly number[]
  readonly inputs: readonly Tensor[]
  /** 0 for a call made by a program, more inside the decomposition of another call. */
  readonly depth: number
}

/** Sees every call on a device: the tracer and the inspector are observers. */
export interface DeviceObserver {
  /** Before the call runs. */
  enter?(call: ObservedCall): void
  /** After it ran. Values may be read until the tensors are disposed; `device.retain(identity(tensor))` keeps one longer. */
  exit?(call: ObservedCall, outputs: readonly Tensor[]): void
  /** True asks for this composite to be decomposed, so that its inner tensors can be seen. */
  decomposes?(op: Op, attrs: unknown): boolean
}
