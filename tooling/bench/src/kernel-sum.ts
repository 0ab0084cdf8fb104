import { createCpuBackend } from '@qkv/backend-cpu'
import { Device } from '@qkv/tensor'
import { createGptStep, type GptSizes, gptSizes, quantile } from 'qkv/bench'
import { recordCalls } from './record-calls.ts'
import { replayCall } from './replay-call.ts'

/** A kernel of a step, timed alone. */
export interface KernelTime {
  readonly op: string
  /** Shapes of its inputs. */
  readonly shapes: string
  readonly callsPerStep: number
  /** Median of one call. */
  readonly milliseconds: number
}

export interface KernelSum {
  /** Median of a training step. */
  readonly stepMilliseconds: number
  /** What its kernels take when each is run alone: medians, times how often a step calls them. */
  readonly kernelMilliseconds: number
  /** The first over the second. */
  readonly ratio: number
  /** Share of a step outside of the backend's kernels: tape, scopes, dispatch, JavaScript of layers. */
  readonly shareOutside: number
  /** What takes most of a step first. */
  readonly kernels: readonly KernelTime[]
}

export interface KernelSumOptions {
  /** Steps that are measured, and repetitions of every kernel in between. */
  readonly rounds?: number
  readonly threads?: number
  readonly sizes?: GptSizes
}

const warmUpSteps = 3
const repetitions = 3

/** Compares training steps of a GPT with the sum of their kernels, each timed alone, in turns. */
export async function measureKernelSum(options: KernelSumOptions = {}): Promise<KernelSum> {
  const { rounds = 15, threads = 1, sizes = gptSizes } = options
  const cpu = createCpuBackend({ threads })
  await cpu.ready()
  let inside = 0
  const backend = recordCalls({
    ...cpu,
    run(call) {
      const started = performance.now()
      const handles = cpu.run(call)
      inside += performance.now() - started
      return handles
    },
  })
  const device = new Device(backend)
  const step = createGptStep(device, sizes)
  for (let count = 0; count < warmUpSteps; count += 1) device.scoped(step)
  const calls = backend.record(() => device.scoped(step))
  const kernelTimes = calls.map((): number[] => [])
  const steps: number[] = []
  const shares: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    inside = 0
    const started = performance.now()
    device.scoped(step)
    const milliseconds = performance.now() - started
    steps.push(milliseconds)
    shares.push(1 - inside / milliseconds)
    for (const [index, call] of calls.entries())
      for (let count = 0; count < repetitions; count += 1) kernelTimes[index]!.push(replayCall(cpu, call))
  }
  await device.dispose()
  const kernels = calls.map(({ call, times }, index) => ({
    op: call.op.name,
    shapes: call.inputs
      .slice(0, 3)
      .map(({ spec }) => spec.shape.join('x'))
      .join(' '),
    callsPerStep: times,
    milliseconds: quantile(kernelTimes[index]!, 0.5),
  }))
  const perStep = (kernel: KernelTime): number => kernel.callsPerStep * kernel.milliseconds
  const kernelMilliseconds = kernels.reduce((sum, kernel) => sum + perStep(kernel), 0)
  const stepMilliseconds = quantile(steps, 0.5)
  return {
    stepMilliseconds,
    kernelMilliseconds,
    ratio: stepMilliseconds / kernelMilliseconds,
    shareOutside: quantile(shares, 0.5),
    kernels: kernels.toSorted((a, b) => perStep(b) - perStep(a)),
  }
}
