import type { GpuHandle } from '../../memory/arena.ts'

/** What happens to a product before it is stored. */
export interface Epilogue {
  /** One number per column, to add. */
  readonly bias?: GpuHandle | undefined
  readonly activation?: 'relu' | 'gelu' | 'gelu-tanh' | 'silu' | undefined
  /** A factor for the product; 1 unless said. */
  readonly scale?: number
  /** Where the products begin in the target, and how far each lies from the one before; dense unless said. */
  readonly place?: { readonly offset: number; readonly stride: number }
  /** Adds to what the target holds, instead of writing over it. */
  readonly accumulate?: boolean
}

const functions = { relu: 'relu', gelu: 'gelu', 'gelu-tanh': 'geluTanh', silu: 'silu' } as const

/** The function `finish(value, column)` of a kernel. */
export function finishFunction({ bias, activation }: Epilogue): string {
  const sum = bias ? 'value * parameters.scale + bias[column]' : 'value * parameters.scale'
  const result = activation ? `${functions[activation]}(${sum})` : sum
  return `fn finish(value: f32, column: u32) -> f32 { return ${result}; }`
}
