import { jit, nn, numpy as np } from '@jax-js/jax'
import { applyAdamW } from './adam-w.mjs'
import { layerNorm } from './layers.mjs'

export const upload = ({ data, shape }) => np.array(data, { shape })

/** Runs a compiled function; each call takes references of its operands, as the library's ownership wants it. */
function repeated(compute, operands) {
  const compiled = jit(compute)
  let result
  return {
    async run() {
      result?.dispose()
      result = compiled(...operands.map((operand) => operand.ref))
      await result.blockUntilReady()
    },
    output: () => result.ref.data(),
  }
}

export const gemm = (inputs) =>
  repeated((a, b) => np.matmul(a, b), [upload(inputs.get('a')), upload(inputs.get('b'))])

export const softmaxKernel = (inputs) => repeated((x) => nn.softmax(x, -1), [upload(inputs.get('x'))])

export const layerNormKernel = (inputs) =>
  repeated(
    layerNorm,
    ['x', 'weight', 'bias'].map((name) => upload(inputs.get(name))),
  )

export const geluKernel = (inputs) =>
  repeated((x) => nn.gelu(x, { approximate: true }), [upload(inputs.get('x'))])

export function adamWKernel(inputs) {
  const update = jit(applyAdamW)
  const gradient = upload(inputs.get('gradient'))
  let parameter = upload(inputs.get('parameter'))
  let first = np.zeros(gradient.shape)
  let second = np.zeros(gradient.shape)
  let step = 0
  return {
    async run() {
      step += 1
      const corrections = [np.array(1 - 0.9 ** step), np.array(1 - 0.999 ** step)]
      ;[parameter, first, second] = update(parameter, gradient.ref, first, second, ...corrections)
      await parameter.blockUntilReady()
    },
    output: () => parameter.ref.data(),
  }
}
