import { expect, test } from 'vitest'
import { measureKernelSum } from './kernel-sum.ts'

test('a step is its kernels, and something besides', async () => {
  const sizes = { layers: 2, width: 64, heads: 2, vocabularySize: 100, maximumLength: 32, batch: 4 }
  const { stepMilliseconds, kernelMilliseconds, ratio, shareOutside, kernels } = await measureKernelSum({
    rounds: 5,
    sizes,
  })
  expect(ratio).toBe(stepMilliseconds / kernelMilliseconds)
  expect(shareOutside).toBeGreaterThan(0)
  expect(shareOutside).toBeLessThan(1)
  const callsOf = (op: string): number =>
    kernels.filter((kernel) => kernel.op === op).reduce((sum, kernel) => sum + kernel.callsPerStep, 0)
  expect(callsOf('qkv/attention')).toBe(2)
  expect(callsOf('qkv/attentionBackward')).toBe(2)
  expect(callsOf('qkv/adamW')).toBe(1)
  // Two before attention and feed-forward of each layer, one at the end.
  expect(callsOf('qkv/layerNorm')).toBe(5)
})
