// What the library has no function for, in as few operations as it takes. None of them keeps a copy that is not needed.
import { tf } from './tf.mjs'

const epsilon = 1e-5

/** Along the last axis. */
export function layerNorm(x, weight, bias) {
  const centered = tf.sub(x, tf.mean(x, -1, true))
  const variance = tf.mean(tf.square(centered), -1, true)
  const normalized = tf.mul(centered, tf.rsqrt(tf.add(variance, epsilon)))
  return tf.add(tf.mul(normalized, weight), bias)
}

const twiceRoot = 2 * Math.sqrt(2 / Math.PI)

/** The tanh form: 0.5 (1 + tanh(z)) is the sigmoid of 2z. */
export function gelu(x) {
  const inner = tf.mul(x, tf.add(tf.mul(tf.square(x), 0.044715 * twiceRoot), twiceRoot))
  return tf.mul(x, tf.sigmoid(inner))
}

/** Rows `[rows, in]` times `[in, out]` plus a bias, in one kernel. */
const linear = (x, weight, bias) => tf.fused.matMul({ a: x, b: weight, bias })

/**
 * A product whose gradient transposes matrices before it multiplies them. The library's own gradient asks `matMul` to
 * transpose, for which the WebAssembly backend has no fast kernel.
 */
const transposingProduct = tf.customGrad((a, b, save) => {
  save([a, b])
  return {
    value: tf.matMul(a, b),
    gradFunc: (gradient, [a, b]) => [
      tf.matMul(gradient, tf.transpose(b)),
      tf.matMul(tf.transpose(a), gradient),
    ],
  }
})

/** Products of matrices, with one gradient or the other. */
export const products = {
  library: { matMul: tf.matMul, linear },
  transposing: {
    matMul: transposingProduct,
    linear: (x, weight, bias) => tf.add(transposingProduct(x, weight), bias),
  },
}

/** Adam with the decoupled decay of AdamW, for variables. */
export class AdamW {
  #adam
  #variables
  #keep

  constructor(variables, learningRate) {
    this.#variables = variables
    this.#adam = tf.train.adam(learningRate, 0.9, 0.999, 1e-8)
    this.#keep = 1 - learningRate * 0.01
  }

  /** @param {Record<string, object>} gradients by the names of the variables */
  apply(gradients) {
    tf.tidy(() => {
      for (const variable of this.#variables) variable.assign(tf.mul(variable, this.#keep))
      this.#adam.applyGradients(gradients)
    })
  }
}
