import type { Device, DType, Tensor } from '@qkv/tensor'
import { Parameter } from './parameter.ts'

/** A second use of a parameter that another path of the tree owns. */
export class Tied {
  readonly parameter: Parameter

  constructor(parameter: Parameter) {
    this.parameter = parameter
  }

  get value(): Tensor {
    return this.parameter.value
  }

  get shape(): readonly number[] {
    return this.parameter.shape
  }

  get dtype(): DType {
    return this.parameter.dtype
  }

  get device(): Device {
    return this.parameter.device
  }
}

/**
 * Says that a parameter is shared on purpose: it is counted, trained and saved once, at the path that owns it.
 *
 * @example
 * new Linear(initialization, { inputSize: 512, outputSize: 8000, bias: false, weight: tied(embedding.table) })
 */
export function tied(parameter: Parameter | Tied): Tied {
  return parameter instanceof Parameter ? new Tied(parameter) : parameter
}
