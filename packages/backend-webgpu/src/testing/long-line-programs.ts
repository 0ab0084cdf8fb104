import {
  argmax,
  attention,
  crossEntropy,
  cumsum,
  type Device,
  layerNorm,
  linear,
  logSoftmax,
  max,
  mean,
  mul,
  rmsNorm,
  softmax,
  sum,
  type Tensor,
  valueAndGrad,
} from '@qkv/tensor'
import { waves } from './arbitraries.ts'
import type { Program } from '@qkv/tensor/conformance'

/** A program and the gradients of its sum, weighted, with respect to its inputs. */
function withGradients(
  shapes: readonly (readonly number[])[],
  run: (inputs: readonly Tensor[], device: Device) => Tensor,
): Program {
  return (device) => {
    const inputs = shapes.map((shape, index) => waves(device, shape, 0.37 + index * 0.53))
    const output = run(inputs, device)
    const weights = waves(device, output.shape, 0.91)
    const { gradients } = valueAndGrad(() => sum(mul(run(inputs, device), weights)), inputs)
    return [output, ...gradients]
  }
}

/** Programs whose lines of `width` elements are shared between lanes on a GPU in hardware. */
export function longLinePrograms(width: number): Readonly<Record<string, Program>> {
  const rows = 5
  return {
    softmax: withGradients([[rows, width]], ([x]) => softmax(x!)),
    logSoftmax: withGradients([[rows, width]], ([x]) => logSoftmax(x!)),
    layerNorm: withGradients([[rows, width], [width], [width]], ([x, weight, bias]) =>
      layerNorm(x!, { weight, bias }),
    ),
    rmsNorm: withGradients([[rows, width], [width]], ([x, weight]) => rmsNorm(x!, { weight })),
    linear: withGradients([[3, width], [9, width], [9]], ([x, weight, bias]) => linear(x!, weight!, bias)),
    crossEntropy: withGradients([[rows, width]], ([x], device) => {
      const targets = device.tensor(Int32Array.from({ length: rows }, (_, row) => row * 7))
      return crossEntropy(x!, targets, { labelSmoothing: 0.1 })
    }),
    attention: withGradients(
      [
        [1, 2, 3, 8],
        [1, 2, width, 8],
        [1, 2, width, 8],
      ],
      ([query, key, value]) =>
        attention(query!, key!, value!, {
          mask: { kind: 'window', left: width, right: 0 },
          queryStart: width - 3,
        }).output,
    ),
    reductions(device) {
      const x = waves(device, [rows, width], 0.77)
      const columns = waves(device, [width, 100], 0.59)
      return [
        sum(x, { axis: 1 }),
        max(x, { axis: 1 }),
        mean(x),
        argmax(x, { axis: 1 }),
        cumsum(x),
        sum(columns, { axis: 0 }),
        max(columns, { axis: 0 }),
        softmax(columns, { axis: 0 }),
      ]
    },
  }
}
