import type { Parameter } from '@qkv/nn'
import { Adam, AdamW, decayMatrices, Lion, type Optimizer, SGD } from '@qkv/trainer'
import type { OptimizerConfig } from './settings.ts'

/**
 * The optimizer that a config describes. Weight decay leaves out biases and norms.
 *
 * @example
 * const optimizer = createOptimizer({ type: 'adamw', weightDecay: 0.01 }, model.parameters())
 */
export function createOptimizer(
  config: OptimizerConfig,
  parameters: ReadonlyMap<string, Parameter>,
): Optimizer {
  const { type, ...given } = config
  const options = defined(given)
  switch (type) {
    case 'adamw':
      return new AdamW(parameters, { ...options, decays: decayMatrices })
    case 'adam':
      return new Adam(parameters, options)
    case 'sgd':
      return new SGD(parameters, { ...options, decays: decayMatrices })
    case 'lion':
      return new Lion(parameters, { ...options, decays: decayMatrices })
  }
}

type Defined<Options> = { readonly [Name in keyof Options]?: Exclude<Options[Name], undefined> }

/** Leaves out the fields that are `undefined`, so that the optimizer's own defaults hold. */
function defined<Options extends object>(options: Options): Defined<Options> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Defined<Options>
}
