import type { Tensor } from '@qkv/tensor'
import { StoredTensor } from './stored-tensor.ts'

/**
 * A tensor that moves with its module and is never trained, such as a table of positions: what `register_buffer` is
 * in PyTorch. It takes the tensor over.
 *
 * @example
 * readonly table = new Buffer(sinusoidalTable(device, 512, 64), { persistent: false })
 */
export class Buffer extends StoredTensor {
  /** Whether it is saved with the parameters. */
  readonly persistent: boolean

  constructor(value: Tensor, options: { readonly persistent: boolean }) {
    super(value)
    this.persistent = options.persistent
  }
}
