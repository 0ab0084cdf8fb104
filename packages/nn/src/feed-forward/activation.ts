import { gelu, geluTanh, relu, silu, type Tensor } from '@qkv/tensor'

export type ActivationName = 'relu' | 'gelu' | 'gelu-tanh' | 'silu'

/** Activations by the name that configs use. */
export const activations: Readonly<Record<ActivationName, (x: Tensor) => Tensor>> = {
  relu,
  gelu,
  'gelu-tanh': geluTanh,
  silu,
}
