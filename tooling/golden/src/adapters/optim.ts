import { Parameter } from '@qkv/nn'
import { clamp, clipByGlobalNorm, type Device, mul, RandomStream, type Tensor } from '@qkv/tensor'
import {
  Adam,
  AdamW,
  clipFactor,
  globalNorm,
  Lion,
  type Optimizer,
  type Schedule,
  schedules,
  SGD,
} from '@qkv/trainer'
import { type CaseContext, type CaseResult, type GroupAdapter, resultOf } from '../adapter.ts'
import { toTensor } from '../case-call.ts'
import { compareAll } from '../check-computation.ts'
import type { GoldenCase, GoldenTensor } from '../golden-case.ts'
import { mismatch } from '../mismatch.ts'

type Settings = Readonly<Record<string, unknown>>
type Parameters = ReadonlyMap<string, Parameter>

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
  const optimizer = optimizerOf(attrs, parameters)
  try {
    const rates = inputs['lr']!
    const problem = mismatch(ratesOf(schedule, rates.data.keys()), rates)
    if (problem !== null) return `learning rate ${problem}`
    for (const step of rates.data.keys()) {
      const gradients = names.map((name): [string, Tensor] => [
        name,
        toTensor(device, entry(inputs[name.replace('p', 'g')]!, step)),
      ])
      optimizer.step(new Map(gradients), schedule(step))
      for (const [name, { value }] of parameters) {
        const problem = mismatch(await value.read(), entry(outputs[name]!, step))
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

function optimizerOf(attrs: Settings, parameters: Parameters): Optimizer {
  const { optimizer: kind, steps: _steps, schedule: _schedule, ...settings } = attrs
  const { betas, eps, weight_decay, momentum, nesterov, ...rest } = settings
  refuseRest(rest)
  const [beta1, beta2] = (betas ?? []) as number[]
  const options = {
    ...(beta1 !== undefined && { beta1 }),
    ...(beta2 !== undefined && { beta2 }),
    ...(eps !== undefined && { epsilon: Number(eps) }),
    ...(weight_decay !== undefined && { weightDecay: Number(weight_decay) }),
    ...(momentum !== undefined && { momentum: Number(momentum) }),
    ...(nesterov !== undefined && { nesterov: Boolean(nesterov) }),
  }
  switch (kind) {
    case 'adam':
      return new Adam(parameters, options)
    case 'adamw':
      return new AdamW(parameters, options)
    case 'sgd':
      return new SGD(parameters, options)
    case 'lion':
      return new Lion(parameters, options)
    default:
      throw new Error(`optimizer '${String(kind)}' is not mapped`)
  }
}

function scheduleOf({ kind, ...settings }: Settings): Schedule {
  const { lr, d_model: width, warmup, total: steps, factor, ...rest } = settings as Record<string, number>
  refuseRest(rest)
  switch (kind) {
    case 'constant':
      return schedules.constant({ learningRate: lr! })
    case 'noam':
      return schedules.noam({ width: width!, warmup: warmup!, ...(factor !== undefined && { factor }) })
    case 'cosine':
      return schedules.cosine({ learningRate: lr!, warmup: warmup!, steps: steps! })
    case 'linear':
      return schedules.linear({ learningRate: lr!, warmup: warmup!, steps: steps! })
    case 'inverse_sqrt':
      return schedules.inverseSquareRoot({ learningRate: lr!, warmup: warmup! })
    default:
      throw new Error(`schedule '${String(kind)}' is not mapped`)
  }
}

/** A setting that nothing reads would give wrong numbers, or right ones by chance. */
function refuseRest(rest: Settings): void {
  const names = Object.keys(rest).filter((name) => rest[name] !== null && rest[name] !== false)
  if (names.length > 0) throw new Error(`not mapped: ${names.map((name) => `'${name}'`).join(', ')}`)
}

function ratesOf(schedule: Schedule, steps: Iterable<number>): readonly number[] {
  return Array.from(steps, schedule)
}

function parameterOf(device: Device, stored: GoldenTensor): Parameter {
  const initialization = { device, random: new RandomStream(0) }
  return new Parameter(initialization, { shape: stored.shape, initializer: () => toTensor(device, stored) })
}

/** One entry along the first axis. */
function entry({ dtype, shape, data, float32Error }: GoldenTensor, index: number): GoldenTensor {
  const [count, ...rest] = shape
  const size = data.length / count!
  return { dtype, shape: rest, data: data.slice(index * size, (index + 1) * size), float32Error }
}
