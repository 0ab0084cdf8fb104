import { AdamW, gelu, layerNorm } from './layers.mjs'
import { tf, upload } from './tf.mjs'

/** Runs `compute`; the result lives until the next run. The backends compute at once, not when a result is read. */
function repeated(compute) {
  let result
  return {
    run() {
      result?.dispose()
      result = tf.tidy(compute)
    },
    output: () => result.data(),
    dispose: () => tf.disposeVariables(),
  }
}

export function gemm(inputs) {
  const a = upload(inputs.get('a'))
  const b = upload(inputs.get('b'))
  return repeated(() => tf.matMul(a, b))
}

export function softmaxKernel(inputs) {
  const x = upload(inputs.get('x'))
  return repeated(() => tf.softmax(x))
}

export function layerNormKernel(inputs) {
  const [x, weight, bias] = ['x', 'weight', 'bias'].map((name) => upload(inputs.get(name)))
  return repeated(() => layerNorm(x, weight, bias))
}

export function geluKernel(inputs) {
  const x = upload(inputs.get('x'))
  return repeated(() => gelu(x))
}

export function adamWKernel(inputs) {
  const parameter = tf.variable(upload(inputs.get('parameter')), true, 'parameter')
  const gradient = upload(inputs.get('gradient'))
  const optimizer = new AdamW([parameter], 1e-3)
  return {
    run: () => optimizer.apply({ parameter: gradient }),
    output: () => parameter.data(),
  }
}
