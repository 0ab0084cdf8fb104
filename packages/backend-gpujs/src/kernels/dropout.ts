import type { KernelTable } from '../kernel.ts'
import { uniform } from './create.ts'
import { map } from './elementwise.ts'
import { number } from './norms.ts'

/** Steps of random numbers. */
const steps = 2 ** 24

/** What is left of the element `value` under a dropout rate and a key. */
export function afterDropout(value: string, rate: number, low: string, high: string): string {
  // Rounded up to a step, the rate is exact in float32, so that all precisions drop the same elements.
  const limit = number(Math.ceil(rate * steps) / steps)
  return `if (${uniform(low, high)} < ${limit}) { return 0; } return ${value} * ${number(1 / (1 - rate))};`
}

export const dropout: KernelTable = {
  'qkv/dropout': {
    run({ inputs, attrs, size, scalars }, launcher) {
      const { rate } = attrs as { readonly rate: number }
      return [map(launcher, inputs, size, afterDropout('a', rate, 's0', 's1'), scalars)]
    },
  },
}
