import type { Parameter } from '@qkv/nn'
import { Adam, AdamW, Lion, type Optimizer, type Schedule, schedules, SGD } from '@qkv/trainer'

/** Named arguments of an optimizer or a schedule. */
export type Settings = Readonly<Record<string, unknown>>

/** One of our optimizers, by PyTorch's name and arguments; throws an `Error` for what it does not know. */
export function optimizerOf(
  kind: unknown,
  settings: Settings,
  parameters: ReadonlyMap<string, Parameter>,
): Optimizer {
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

/** A learning rate by the step, counted from 0; throws an `Error` for what it does not know. */
export function scheduleOf({ kind, ...settings }: Settings): Schedule {
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

/** Throws an `Error` for a setting that nothing reads: it would give wrong numbers, or right ones by chance. */
export function refuseRest(rest: Settings): void {
  const names = Object.keys(rest).filter((name) => rest[name] !== null && rest[name] !== false)
  if (names.length > 0) throw new Error(`not mapped: ${names.map((name) => `'${name}'`).join(', ')}`)
}
