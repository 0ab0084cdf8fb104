import { type BenchResult, runBench } from 'qkv/bench'
import { calmestPass } from './calmest-pass.ts'
import type { Measurements } from './goals.ts'
import { measureKernelSum } from './kernel-sum.ts'
import { pageSuites } from './page-suites.ts'
import { measureTrainingStep } from './training-step.ts'

/** The suite that does not depend on time. */
const memory = 'memory'

export interface MeasureOptions {
  /** How long to measure each workload in a pass. */
  readonly seconds: number
  /** How often to go through all of them: the calmest pass counts. */
  readonly passes: number
  readonly onProgress: (line: string) => void
}

/** Measures everything that the goals and the page are made of, and tells what comes next. */
export async function measureAll({ seconds, passes, onProgress }: MeasureOptions): Promise<Measurements> {
  const simd = ['relaxed', 'plain'] as const
  const timed: (readonly BenchResult[])[] = []
  const beside: (readonly BenchResult[])[] = []
  for (let pass = 1; pass <= passes; pass += 1) {
    const own: BenchResult[] = []
    for (const { name, description } of pageSuites) {
      if (name === memory) continue
      onProgress(`· ${pass} of ${passes}: ${description}`)
      own.push(...(await runBench({ suites: [name], simd, seconds })))
    }
    timed.push(own)
    onProgress(`· ${pass} of ${passes}: The same operations beside the TypeScript kernels.`)
    beside.push(await runBench({ suites: ['ops'], simd: ['relaxed', 'none'], threads: [1], seconds }))
  }
  onProgress('· What lives on a device after few and after many steps.')
  const results = [...calmestPass(timed), ...(await runBench({ suites: [memory], simd }))]
  const againstTypescript = calmestPass(beside)
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
