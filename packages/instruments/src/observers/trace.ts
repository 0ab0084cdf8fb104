import { type Device, type DType, type HostArray, stopGradient, type Tensor } from '@qkv/tensor'

/** One call. Its inputs and outputs are ids of values. */
export interface TraceNode {
  readonly id: number
  /** Name of the op, e.g. `qkv/matmul`. */
  readonly op: string
  readonly attrs: unknown
  readonly scalars: readonly number[]
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  /** The node whose decomposition made this call. */
  readonly parent: number | undefined
}

/** One tensor of a trace. Ids count from 0 in the order in which tensors were met, so that equal runs agree. */
export interface TraceValue {
  readonly id: number
  readonly shape: readonly number[]
  readonly dtype: DType
  /** `input` and `parameter` are those named by the caller, `constant` is any other that no node made. */
  readonly kind: 'input' | 'parameter' | 'constant' | 'result'
  /** Of an input or a parameter. */
  readonly name: string | undefined
  /** Of a constant: a copy in host memory. */
  readonly data: HostArray | undefined
}

export interface Trace<Result> {
  readonly result: Result
  /** In the order of the calls; a decomposed call stands before the calls that it is made of. */
  readonly nodes: readonly TraceNode[]
  /** By id. */
  readonly values: readonly TraceValue[]
}

export interface TraceOptions {
  readonly inputs?: Iterable<readonly [name: string, tensor: Tensor]>
  /** For example `model.state()`. */
  readonly parameters?: Iterable<readonly [name: string, tensor: Tensor]>
  /** Decomposes every composite, and lists the calls inside; only calls made by the program unless said. */
  readonly decompose?: boolean
}

interface PendingValue extends Omit<TraceValue, 'data'> {
  /** Keeps a constant readable until the trace is done. */
  readonly held: Tensor | undefined
}

/**
 * Runs `fn` and lists the operations that it calls, with the tensors that connect them: the same on every backend.
 *
 * @example
 * const { nodes, values } = await trace(device, () => model.forward(x), { parameters: model.state() })
 */
export async function trace<Result>(
  device: Device,
  fn: () => Result,
  options: TraceOptions = {},
): Promise<Trace<Awaited<Result>>> {
  const { decompose = false } = options
  const named = new Map<Tensor, Pick<TraceValue, 'kind' | 'name'>>()
  for (const [name, tensor] of options.parameters ?? []) named.set(tensor, { kind: 'parameter', name })
  for (const [name, tensor] of options.inputs ?? []) named.set(tensor, { kind: 'input', name })

  const nodes: { -readonly [Key in keyof TraceNode]: TraceNode[Key] }[] = []
  const values: PendingValue[] = []
  const idOf = new Map<Tensor, number>()
  const open: number[] = []
  let holding = false

  function identify(tensor: Tensor, made: boolean): number {
    const known = idOf.get(tensor)
    if (known !== undefined) return known
    const id = values.length
    idOf.set(tensor, id)
    const { shape, dtype } = tensor
    const { kind, name } = named.get(tensor) ?? { kind: made ? 'result' : 'constant', name: undefined }
    values.push({ id, shape, dtype, kind, name, held: kind === 'constant' ? hold(tensor) : undefined })
    return id
  }

  function hold(tensor: Tensor): Tensor {
    // A view of a donated tensor would consume it, before the call that it was given to.
    const { donated } = tensor
    tensor.donated = false
    holding = true
    try {
      return device.retain(stopGradient(tensor))
    } finally {
      holding = false
      tensor.donated = donated
    }
  }

  const stopObserving = device.observe({
    decomposes: () => decompose,
    enter({ op, attrs, scalars, inputs, depth }) {
      if (holding || (depth > 0 && !decompose)) return
      const id = nodes.length
      open[depth] = id
      nodes.push({
        id,
        op: op.name,
        attrs,
        scalars,
        inputs: inputs.map((input) => identify(input, false)),
        outputs: [],
        parent: depth > 0 ? open[depth - 1] : undefined,
      })
    },
    exit({ depth }, outputs) {
      if (holding || (depth > 0 && !decompose)) return
      nodes[open[depth]!]!.outputs = outputs.map((output) => identify(output, true))
    },
  })
  try {
    let result: Awaited<Result>
    try {
      result = await fn()
    } finally {
      stopObserving()
    }
    const complete = values.map(async ({ held, ...value }) => ({ ...value, data: await held?.read() }))
    return { result, nodes, values: await Promise.all(complete) }
  } finally {
    for (const { held } of values) held?.dispose()
  }
}
