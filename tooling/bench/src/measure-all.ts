import { runBench, suites } from 'qkv/bench'
import type { Measurements } from './goals.ts'
import { measureKernelSum } from './kernel-sum.ts'
import { measureTrainingStep } from './training-step.ts'

/** Measures everything that the goals and the page are made of, and tells what comes next. */
export async function measureAll(seconds: number, onProgress: (line: string) => void): Promise<Measurements> {
  const results: Measurements['results'][number][] = []
  for (const { name, description } of suites) {
    onProgress(`· ${description}`)
    results.push(...(await runBench({ suites: [name], simd: ['relaxed', 'plain'], seconds })))
  }
  onProgress('· The same operations beside the TypeScript kernels.')
  const againstTypescript = await runBench({
    suites: ['ops'],
    simd: ['relaxed', 'none'],
    threads: [1],
    seconds,
  })
  onProgress('· A training step of a GPT, and each of its kernels alone.')
  const kernelSum = await measureKernelSum()
  onProgress('· A training step of width 128.')
  const narrowStep = await measureTrainingStep({
    width: 128,
    heads: 4,
    layers: 2,
    batch: 32,
    length: 16,
    vocabularySize: 1000,
    dropout: 0.1,
    steps: 15,
    threads: 1,
  })
  return { results, againstTypescript, kernelSum, narrowStep }
}
