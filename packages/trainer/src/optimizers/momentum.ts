import { type Buffer, Module, type Parameter } from '@qkv/nn'
import type { OptimizerState, StoredOptimizerState } from './optimizer.ts'
import { zeroBuffers } from './zero-buffers.ts'

/** One running mean or sum of gradients per parameter. */
export class Momentum extends Module {
  readonly momentum: ReadonlyMap<string, Buffer>

  constructor(parameters: ReadonlyMap<string, Parameter>) {
    super()
    this.momentum = zeroBuffers(parameters)
  }

  of(path: string): Buffer {
    return this.momentum.get(path)!
  }

  async read(): Promise<OptimizerState> {
    return { arrays: await this.readState(), values: {} }
  }

  load({ arrays }: StoredOptimizerState): void {
    this.loadState(arrays)
  }
}
