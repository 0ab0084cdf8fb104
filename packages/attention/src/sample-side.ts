import type { Device, Tensor } from '@qkv/tensor'
import type { Composition } from './compose.ts'

/** The side inputs that the parts of a composition bring for tests; `'none'` where they bring none. */
export function sampleSideOf(
  { parts }: Composition,
  device: Device,
  sizes: { readonly batch: number; readonly length: number },
): Readonly<Record<string, Tensor | 'none'>> {
  const side: Record<string, Tensor | 'none'> = {}
  for (const { sideInputs = [], sampleSide } of parts) {
    const samples = sampleSide?.(sizes) ?? {}
    for (const name of sideInputs) {
      const sample = samples[name]
      side[name] = sample
        ? device.tensor(sample.values, { shape: sample.shape, dtype: sample.dtype ?? 'float32' })
        : 'none'
    }
  }
  return side
}
