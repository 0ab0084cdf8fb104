import { sizeOf } from '@qkv/tensor'
import type { DeviceArray } from '../engine/device-array.ts'
import { type Input, type KernelCall, type KernelTable, type Launcher } from '../kernel.ts'
import { denseMatrices, multiply, transposed } from './matmul.ts'
import { reduceAxes } from './reduce.ts'

const activations: Readonly<Record<string, string>> = {
  relu: 'larger(total, 0)',
  gelu: 'total * 0.5 * (1 + errorFunction(total * 0.7071067811865476))',
  'gelu-tanh':
    'total * 0.5 * (1 + hyperbolicTangent(0.7978845608028654 * (total + 0.044715 * total * total * total)))',
  silu: 'total * sigmoid(total)',
}

export const linear: KernelTable = {
  'qkv/linear': { run: (call, launcher) => [affine(call, launcher)] },
  'qkv/linearActivation': {
    run(call, launcher) {
      const { activation } = call.attrs as { readonly activation: string }
      return [affine(call, launcher, activations[activation]!)]
    },
  },
  'qkv/linearBackward': {
    run({ inputs: [x, weight, gradient], attrs }, launcher) {
      const { needs } = attrs as { readonly needs: readonly [boolean, boolean, boolean] }
      const [columns, inner] = weight!.shape as [number, number]
      const rows = sizeOf(gradient!.shape) / columns
      const gradients: DeviceArray[] = []
      const ofRows = denseMatrices(gradient!.array, [rows, columns])
      if (needs[0]) {
        const b = denseMatrices(weight!.array, [columns, inner])
        gradients.push(multiply(launcher, { lead: [], rows, inner: columns, columns: inner, a: ofRows, b }))
      }
      if (needs[1]) {
        const b = denseMatrices(x!.array, [rows, inner])
        gradients.push(
          multiply(launcher, {
            lead: [],
            rows: columns,
            inner: rows,
            columns: inner,
            a: transposed(ofRows),
            b,
          }),
        )
      }
      if (needs[2])
        gradients.push(reduceAxes(launcher, 'sum', gradient!.array, [rows, columns], [0], columns))
      return gradients
    },
  },
}

function affine({ inputs: [x, weight, bias] }: KernelCall, launcher: Launcher, finish?: string): DeviceArray {
  const [columns, inner] = weight!.shape as [number, number]
  const rows = rowsOf(x!)
  return multiply(launcher, {
    lead: [],
    rows,
    inner,
    columns,
    a: denseMatrices(x!.array, [rows, inner]),
    b: transposed(denseMatrices(weight!.array, [columns, inner])),
    bias: bias?.array,
    ...(finish !== undefined && { finish }),
  })
}

function rowsOf({ shape }: Input): number {
  return sizeOf(shape.slice(0, -1))
}
