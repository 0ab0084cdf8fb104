import {
  type Backend,
  bytesPerElement,
  type BufferHandle,
  type HostArray,
  type OpCall,
  type OpInput,
  type TensorSpec,
} from '@qkv/tensor'

/** A buffer as it was before a call. */
interface RecordedBuffer {
  readonly spec: TensorSpec
  readonly data: HostArray
}

/** A kernel call that can be made again, and how often it was made alike: with other values, but the same shapes and layouts. */
export interface RecordedCall {
  readonly call: OpCall
  /** Each buffer once, though several inputs may view it. */
  readonly buffers: readonly RecordedBuffer[]
  /** The buffer of each input. */
  readonly places: readonly number[]
  times: number
}

/** A backend whose calls can be recorded. */
export interface RecordingBackend extends Backend {
  /** The calls that `run` makes, alike ones together. */
  record(run: () => void): readonly RecordedCall[]
}

/** Wraps a backend that can be read at once. */
export function recordCalls(inner: Backend): RecordingBackend {
  let calls: Map<string, RecordedCall> | undefined
  const { downloadSync } = inner
  if (!downloadSync) throw new TypeError(`recordCalls: '${inner.name}' cannot be read while a program runs`)
  return {
    ...inner,
    run(call) {
      if (calls) {
        const key = keyOf(call)
        const known = calls.get(key)
        if (known) known.times += 1
        // Before it runs: a donated input is overwritten.
        else calls.set(key, recordedCall(call, downloadSync))
      }
      return inner.run(call)
    },
    record(run) {
      const recorded = (calls = new Map())
      try {
        run()
      } finally {
        calls = undefined
      }
      return [...recorded.values()]
    },
  }
}

function distinctHandles(inputs: readonly OpInput[]): readonly BufferHandle[] {
  return [...new Set(inputs.map(({ handle }) => handle))]
}

function placesOf(inputs: readonly OpInput[]): readonly number[] {
  const handles = distinctHandles(inputs)
  return inputs.map(({ handle }) => handles.indexOf(handle))
}

/** Scalars are left out: learning rates and random keys change from step to step, but no time goes with them. */
function keyOf({ op, attrs, inputs, outputs }: OpCall): string {
  const views = inputs.map(({ spec, layout, donated, handle }) => [spec, layout, donated, handle.byteLength])
  return JSON.stringify([op.name, attrs, views, placesOf(inputs), outputs])
}

function recordedCall(call: OpCall, read: NonNullable<Backend['downloadSync']>): RecordedCall {
  const { inputs } = call
  const buffers = distinctHandles(inputs).map((handle) => {
    const { dtype } = inputs.find((input) => input.handle === handle)!.spec
    const spec: TensorSpec = { shape: [handle.byteLength / bytesPerElement[dtype]], dtype }
    return { spec, data: read(handle, spec) }
  })
  // The device passes tensors, which forget what they were when they are disposed.
  const kept = inputs.map(({ handle, spec, layout, donated }) => ({ handle, spec, layout, donated }))
  return { call: { ...call, inputs: kept }, buffers, places: placesOf(inputs), times: 1 }
}
