import { numpy as np } from '@jax-js/jax'

const learningRate = 1e-3

/** A step of AdamW for one parameter: the new parameter and moments. Consumes its arguments. */
export function applyAdamW(parameter, gradient, first, second, firstCorrection, secondCorrection) {
  const newFirst = first.mul(0.9).add(gradient.ref.mul(0.1))
  const newSecond = second.mul(0.999).add(np.square(gradient).mul(0.001))
  const scale = np.sqrt(newSecond.ref.div(secondCorrection)).add(1e-8)
  const change = newFirst.ref.div(firstCorrection).div(scale).mul(learningRate)
  return [parameter.mul(1 - learningRate * 0.01).sub(change), newFirst, newSecond]
}
