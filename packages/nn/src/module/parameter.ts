import { checkInitialization, type Initialization } from '../initialization.ts'
import type { Initializer } from '../initializers/initializer.ts'
import { StoredTensor } from './stored-tensor.ts'

export interface ParameterOptions {
  readonly shape: readonly number[]
  readonly initializer: Initializer
  /** Whether gradients are taken by it; true unless said. */
  readonly trainable?: boolean
}

/**
 * A tensor that a module owns and training changes. Put it in a field of the module, which gives it its path.
 *
 * @example
 * readonly weight = new Parameter(initialization, { shape: [4, 3], initializer: initializers.xavierUniform() })
 */
export class Parameter extends StoredTensor {
  /** Set it to false to freeze the parameter. */
  trainable: boolean

  constructor(initialization: Initialization, options: ParameterOptions) {
    checkInitialization('Parameter', initialization)
    const { initializer = options.initializer } = initialization
    super(initialization.device.scoped(() => initializer(initialization, options.shape)))
    this.trainable = options.trainable ?? true
  }
}
