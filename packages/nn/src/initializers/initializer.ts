import type { Tensor } from '@qkv/tensor'
import type { Initialization } from '../initialization.ts'

/** Makes the first value of a parameter of some shape. */
export type Initializer = (initialization: Initialization, shape: readonly number[]) => Tensor
