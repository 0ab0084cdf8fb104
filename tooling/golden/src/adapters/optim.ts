import { Parameter } from '@qkv/nn'
import { clamp, clipByGlobalNorm, type Device, mul, RandomStream, type Tensor } from '@qkv/tensor'
import { clipFactor, globalNorm, type Schedule } from '@qkv/trainer'
import { type CaseContext, type CaseResult, type GroupAdapter, resultOf } from '../adapter.ts'
import { toTensor } from '../case-call.ts'
import { compareAll } from '../check-computation.ts'
import type { GoldenCase, GoldenTensor } from '../golden-case.ts'
import { mismatch } from '../mismatch.ts'
import { entryOf } from '../tensor-entry.ts'
import { optimizerOf, refuseRest, scheduleOf, type Settings } from '../torch-training.ts'

/** Adapters by `op`. */
const runners: Readonly<
  Record<string, (testCase: GoldenCase, context: CaseContext) => Promise<string | null>>
> = {
  optimizer: checkOptimizer,
  schedule: checkSchedule,
  clip_grad_norm: checkClipNorm,
  clip_grad_value: checkClipValue,
}

export const optim: GroupAdapter = {
  group: 'optim',
  async run(testCase, context): Promise<CaseResult> {
    const run = Object.hasOwn(runners, testCase.op) ? runners[testCase.op] : undefined
    return resultOf(run ? await run(testCase, context) : `op '${testCase.op}' is not mapped`)
  },
}

/** Makes the stored steps, each with the rate of our own schedule, and compares the parameters after each of them. */
async function checkOptimizer(
  { inputs, outputs, attrs }: GoldenCase,
  { device }: CaseContext,
): Promise<string | null> {
  const names = Object.keys(outputs)
  const parameters = new Map(names.map((name) => [name, parameterOf(device, inputs[name]!)]))
  const schedule = scheduleOf(attrs['schedule'] as Settings)
  const { optimizer: kind, steps: _steps, schedule: _schedule, ...settings } = attrs
  const optimizer = optimizerOf(kind, settings, parameters)
  try {
    const rates = inputs['lr']!
    const problem = mismatch(ratesOf(schedule, rates.data.keys()), rates)
    if (problem !== null) return `learning rate ${problem}`
    for (const step of rates.data.keys()) {
      const gradients = names.map((name): [string, Tensor] => [
        name,
        toTensor(device, entryOf(inputs[name.replace('p', 'g')]!, step)),
      ])
      optimizer.step(new Map(gradients), schedule(step))
      for (const [name, { value }] of parameters) {
        const problem = mismatch(await value.read(), entryOf(outputs[name]!, step))
        if (problem !== null) return `'${name}' after step ${step} ${problem}`
      }
    }
    return null
  } finally {
    optimizer.dispose()
    for (const parameter of parameters.values()) parameter.dispose()
  }
}

async function checkSchedule({ inputs, outputs, attrs }: GoldenCase): Promise<string | null> {
  const problem = mismatch(ratesOf(scheduleOf(attrs), inputs['t']!.data), outputs['lr']!)
  return problem === null ? null : `learning rate ${problem}`
}

/** Both ways to clip: by a factor that was read back, as the trainer does, and on the device alone. */
async function checkClipNorm(
  { inputs, outputs, attrs }: GoldenCase,
  { device }: CaseContext,
): Promise<string | null> {
  const { norm_type: order, max_norm: maximum, ...rest } = attrs as Record<string, number>
  refuseRest(rest)
  const names = Object.keys(inputs)
  const gradients = names.map((name) => toTensor(device, inputs[name]!))
  const norm = globalNorm(gradients, { order: order! })
  const factor = clipFactor(await norm.item(), maximum!)
  const named = (clipped: readonly Tensor[], total: Tensor): Record<string, Tensor> => ({
    ...Object.fromEntries(names.map((name, index) => [name, clipped[index]!])),
    total_norm: total,
  })
  const scaled = gradients.map((gradient) => mul(gradient, factor))
  const problem = await compareAll('output', named(scaled, norm), outputs)
  if (problem !== null || order !== 2) return problem
  const onDevice = clipByGlobalNorm(gradients, maximum!)
  return compareAll('output of clipByGlobalNorm', named(onDevice.gradients, onDevice.norm), outputs)
}

async function checkClipValue(
  { inputs, outputs, attrs }: GoldenCase,
  { device }: CaseContext,
): Promise<string | null> {
  const { clip_value: limit, ...rest } = attrs as Record<string, number>
  refuseRest(rest)
  const clipped = Object.entries(inputs).map(([name, stored]): [string, Tensor] => [
    name,
    clamp(toTensor(device, stored), { min: -limit!, max: limit! }),
  ])
  return compareAll('output', Object.fromEntries(clipped), outputs)
}

function ratesOf(schedule: Schedule, steps: Iterable<number>): readonly number[] {
  return Array.from(steps, schedule)
}

function parameterOf(device: Device, stored: GoldenTensor): Parameter {
  const initialization = { device, random: new RandomStream(0) }
  return new Parameter(initialization, { shape: stored.shape, initializer: () => toTensor(device, stored) })
}
