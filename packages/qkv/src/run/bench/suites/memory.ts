import { describeCpuBackend } from '@qkv/backend-cpu'
import type { Device } from '@qkv/tensor'
import type { BenchDevice } from '../open-devices.ts'
import type { MemoryResult, MemorySnapshot } from '../results.ts'
import { createGptStep, describeGpt, type GptSizes } from './gpt-model.ts'
import type { Suite } from './suite.ts'

const sizes: GptSizes = { layers: 2, width: 32, heads: 2, vocabularySize: 64, maximumLength: 16, batch: 4 }
const fewSteps = 10
const manySteps = { cpu: 1000, others: 400 }
const name = 'memory'

/** What lives after few and after many steps of a small GPT with dropout. */
export const memory: Suite = {
  name,
  description: `What lives on the device after ${fewSteps} and after ${manySteps.cpu.toLocaleString('en-US')} training steps of a small GPT; after ${manySteps.others} on backends other than cpu.`,
  async run(devices, _, onResults) {
    for (const on of devices) onResults([await measureMemory(on)])
  },
}

async function measureMemory({ device, threads, simd }: BenchDevice): Promise<MemoryResult> {
  const step = createGptStep(device, sizes, 0.1)
  const stepUntil = async (first: number, end: number): Promise<MemorySnapshot> => {
    for (let index = first; index < end; index += 1) {
      device.scoped(step)
      // As a loop does that shows the loss now and then.
      if (index % fewSteps === 0) await device.synchronize()
    }
    await device.synchronize()
    return snapshot(device, end)
  }
  return {
    suite: name,
    name,
    shape: `${describeGpt(sizes)}, ${sizes.batch}x${sizes.maximumLength} tokens`,
    backend: device.name,
    simd,
    threads,
    early: await stepUntil(0, fewSteps),
    late: await stepUntil(fewSteps, device.name === 'cpu' ? manySteps.cpu : manySteps.others),
  }
}

function snapshot(device: Device, steps: number): MemorySnapshot {
  const { liveBuffers, liveBytes } = device.memory()
  const heapBytes = describeCpuBackend(device.backend)?.heapBytes ?? null
  return { steps, liveBuffers, liveBytes, heapBytes }
}
