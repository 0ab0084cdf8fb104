import type { Tensor } from '@qkv/tensor'
import { Module } from '../module/module.ts'
import type { Layer } from './layer.ts'

/**
 * Layers one after the other; their parameters have the paths `layers.0.weight`, `layers.1.weight` and so on.
 *
 * @example
 * const head = new Sequential([
 *   new LayerNorm(initialization, { width: 64 }),
 *   new Linear(initialization, { inputSize: 64, outputSize: 10 }),
 * ])
 * const logits = head.forward(x) // [batch, 10]
 */
export class Sequential extends Module {
  readonly layers: readonly Layer[]

  constructor(layers: readonly Layer[]) {
    super()
    this.layers = layers
  }

  /** The shapes are those of the first and the last layer. */
  forward(x: Tensor): Tensor {
    return x.device.scoped(() => this.layers.reduce((hidden, layer) => layer.forward(hidden), x))
  }
}
