import {
  add,
  createReferenceBackend,
  Device,
  type Op,
  sum,
  type Tensor,
  type TensorSpec,
  valueAndGrad,
  zeros,
} from '@qkv/tensor'
import { allOps, isDifferentiable } from '@qkv/tensor/conformance'

/** What an operation is asked to do. */
export interface OpRequest {
  readonly inputs: readonly TensorSpec[]
  readonly attrs: unknown
}

/** What gradients of the samples of all operations ask of those that have no samples, since only gradients use them. */
export async function gradientCalls(): Promise<ReadonlyMap<string, readonly OpRequest[]>> {
  const calls = new Map<string, OpRequest[]>()
  const device = new Device(createReferenceBackend())
  device.observe({
    enter({ op, inputs, attrs }) {
      if (op.samples.length > 0) return
      const request = { inputs: inputs.map(({ shape, dtype }) => ({ shape, dtype })), attrs }
      calls.set(op.name, [...(calls.get(op.name) ?? []), request])
    },
  })
  for (const op of allOps) {
    for (const sample of op.samples) {
      if (!isDifferentiable(op, sample)) continue
      device.scoped(() => {
        const inputs = sample.inputs.map(({ shape, dtype = 'float32' }) => zeros(device, shape, { dtype }))
        const floats = inputs.filter(({ dtype }) => dtype === 'float32')
        return valueAndGrad(() => totalOf(device, op, inputs, sample), floats).value
      })
    }
  }
  await device.dispose()
  return calls
}

function totalOf(
  device: Device,
  op: Op,
  inputs: readonly Tensor[],
  { attrs, scalars }: Op['samples'][number],
): Tensor {
  return device
    .apply(op, inputs, attrs, scalars)
    .filter(({ dtype }) => dtype === 'float32')
    .map((output) => sum(output))
    .reduce((total, part) => add(total, part))
}
