import { describeCpuBackend } from '@qkv/backend-cpu'
import type { Device } from '@qkv/tensor'
import type { BenchDevice } from '../open-devices.ts'
import type { MemoryResult, MemorySnapshot } from '../results.ts'
import { createGptStep, describeGpt, type GptSizes } from './gpt-model.ts'
import type { Suite } from './suite.ts'

const sizes: GptSizes = { layers: 2, width: 32, heads: 2, vocabularySize: 64, maximumLength: 16, batch: 4 }
const fewSteps = 10
const manySteps = 1000
const name = 'memory'

/** What lives after 10 and after 1,000 steps of a small GPT with dropout. */
export const memory: Suite = {
  name,
  description: `What lives on the device after ${fewSteps} and after ${manySteps.toLocaleString('en-US')} training steps of a small GPT.`,
  async run(devices, _, onResults) {
    for (const on of devices) onResults([measureMemory(on)])
  },
}

function measureMemory({ device, threads, simd }: BenchDevice): MemoryResult {
  const step = createGptStep(device, sizes, 0.1)
  const stepUntil = (first: number, end: number): MemorySnapshot => {
    for (let index = first; index < end; index += 1) device.scoped(step)
    return snapshot(device, end)
  }
  return {
    suite: name,
    name,
    shape: `${describeGpt(sizes)}, ${sizes.batch}x${sizes.maximumLength} tokens`,
    backend: device.name,
    simd,
    threads,
    early: stepUntil(0, fewSteps),
    late: stepUntil(fewSteps, manySteps),
  }
}

function snapshot(device: Device, steps: number): MemorySnapshot {
  const { liveBuffers, liveBytes } = device.memory()
  const heapBytes = describeCpuBackend(device.backend)?.heapBytes ?? null
  return { steps, liveBuffers, liveBytes, heapBytes }
}
