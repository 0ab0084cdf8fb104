import { floatingPointOperations } from '@qkv/instruments'
import type { Device } from '@qkv/tensor'

/**
 * The floating-point operations that a program asks a device for, in products of matrices and attention, as papers count them. An
 * operation that is made of others counts as one whole where it is known, else as the sum of what it is made of.
 */
export async function countOperations(device: Device, run: () => unknown): Promise<number> {
  /** What was counted at each depth below the calls that have not ended. */
  const sums: number[] = [0]
  const stop = device.observe({
    exit({ op, attrs, inputs, depth }, tensors) {
      const outputs = tensors.map(({ spec }) => spec)
      const own = floatingPointOperations({ op, attrs, inputs, outputs })
      const inner = sums[depth + 1] ?? 0
      sums[depth + 1] = 0
      sums[depth] = (sums[depth] ?? 0) + (own > 0 ? own : inner)
    },
  })
  try {
    await run()
  } finally {
    stop()
  }
  return sums[0]!
}
