import { valueAndGrad } from '../autograd/value-and-grad.ts'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import type { HostArray } from '../dtype.ts'
import type { Op, OpSample } from '../op.ts'
import { add } from '../ops/add.ts'
import { mul } from '../ops/mul.ts'
import { sum } from '../ops/sum.ts'
import type { Tensor } from '../tensor.ts'
import { mismatch } from './matchers.ts'
import { lossWeights, sampleData } from './sample-data.ts'

/** Whether the op has float inputs and float outputs, and lets gradients through. */
export function isDifferentiable(op: Op, sample: OpSample<unknown>): boolean {
  if (op.stopsGradient) return false
  const specs = op.infer(
    sample.inputs.map(({ shape, dtype = 'float32' }) => ({ shape, dtype })),
    sample.attrs,
  )
  const floatInput = sample.inputs.some(({ dtype = 'float32' }) => dtype === 'float32')
  return floatInput && specs.some(({ dtype }) => dtype === 'float32')
}

/** Runs a sample and sums its float outputs, weighted, to a scalar. */
export function sampleLoss(op: Op, sample: OpSample<unknown>, inputs: readonly Tensor[]): Tensor {
  const { device } = inputs[0]!
  const outputs = device.apply(op, inputs, sample.attrs, sample.scalars)
  return outputs
    .filter((output) => output.dtype === 'float32')
    .map((output) => sum(mul(output, device.tensor(lossWeights(output.size), { shape: output.shape }))))
    .reduce((total, part) => add(total, part))
}

export function sampleTensors(
  device: Device,
  sample: OpSample<unknown>,
  data: readonly HostArray[],
): readonly Tensor[] {
  return sample.inputs.map(({ shape, dtype = 'float32' }, index) =>
    device.tensor(data[index]!, { shape, dtype }),
  )
}

/** The gradient of every float input of a sample on a device; `undefined` for inputs of other dtypes. */
export function sampleGradients(
  device: Device,
  op: Op,
  sample: OpSample<unknown>,
  data: readonly HostArray[],
): readonly (Tensor | undefined)[] {
  const inputs = sampleTensors(device, sample, data)
  const targets = inputs.filter((input) => input.dtype === 'float32')
  const { gradients } = valueAndGrad(() => sampleLoss(op, sample, inputs), targets)
  return inputs.map((input) => gradients[targets.indexOf(input)])
}

/**
 * Compares the gradient of one op, alone, with central differences in float64, and the gradient of that gradient
 * likewise. Returns `null`, or a sentence that names the input and the element.
 */
export function gradientMismatch(op: Op, sample: OpSample<unknown>): string | null {
  return firstOrder(op, sample) ?? secondOrder(op, sample)
}

const step = 1e-5
const tolerance = { absolute: 1e-7, relative: 1e-6 }

function firstOrder(op: Op, sample: OpSample<unknown>): string | null {
  const data = sampleData(sample)
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  return device.scoped(() => {
    const gradients = sampleGradients(device, op, sample, data)
    const loss = (values: readonly HostArray[]): number =>
      device.scoped(() => sampleLoss(op, sample, sampleTensors(device, sample, values)).readSync()[0]!)
    return compare(sample, data, gradients, loss)
  })
}

function secondOrder(op: Op, sample: OpSample<unknown>): string | null {
  const data = sampleData(sample)
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const projected = (inputs: readonly Tensor[]): Tensor => {
    const targets = inputs.filter((input) => input.dtype === 'float32')
    const { gradients } = valueAndGrad(() => sampleLoss(op, sample, inputs), targets)
    return gradients
      .map((gradient) =>
        sum(mul(gradient, device.tensor(lossWeights(gradient.size), { shape: gradient.shape }))),
      )
      .reduce((total, part) => add(total, part))
  }
  const found = device.scoped(() => {
    const inputs = sampleTensors(device, sample, data)
    const targets = inputs.filter((input) => input.dtype === 'float32')
    const { gradients } = valueAndGrad(() => projected(inputs), targets)
    const perInput = inputs.map((input) => gradients[targets.indexOf(input)])
    const loss = (values: readonly HostArray[]): number =>
      device.scoped(() => projected(sampleTensors(device, sample, values)).readSync()[0]!)
    return compare(sample, data, perInput, loss)
  })
  return found && `second derivative, ${found}`
}

function compare(
  sample: OpSample<unknown>,
  data: readonly HostArray[],
  gradients: readonly (Tensor | undefined)[],
  loss: (data: readonly HostArray[]) => number,
): string | null {
  for (const [position, input] of sample.inputs.entries()) {
    const gradient = gradients[position]
    if (gradient === undefined) continue
    const differences = Array.from(data[position]!, (_, index) => {
      const shifted = (by: number): number => {
        const values = data.map((array) => array.slice())
        values[position]![index]! += by
        return loss(values)
      }
      return (shifted(step) - shifted(-step)) / (2 * step)
    })
    const found = mismatch(gradient.readSync(), differences, tolerance)
    if (found) return `gradient of input ${position} [${input.shape.join(', ')}]: ${found}`
  }
  return null
}
