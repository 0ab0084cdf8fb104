import { ConfigError } from '../errors/config-error.ts'
import type { Config } from './config.ts'
import { explainIssue } from './explain-issue.ts'
import { configSchema } from './schema.ts'

/**
 * Checks what a config file gave, or a program. Throws a `ConfigError` with the path of the first bad field, its value,
 * what is allowed there, and the nearest name.
 *
 * @example
 * checkConfig({ data: 'phrase-book', trainer: { optimiser: 'adam' } }) // throws: Did you mean 'optimizer'?
 */
export function checkConfig(config: unknown, source = 'config'): Config {
  const result = configSchema.safeParse(config)
  if (result.success) {
    checkTogether(result.data, source)
    return result.data
  }
  const { issues } = result.error
  const first = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!
  const { path, got, expected, fix } = explainIssue(configSchema, config, first)
  throw new ConfigError({ operation: source, argument: path, got, expected, fix })
}

/** Fields that are right alone, but not with each other. */
function checkTogether({ trainer, tokenizer, model }: Config, source: string): void {
  const fail = (argument: string, got: string, expected: string, fix: string): never => {
    throw new ConfigError({ operation: source, argument, got, expected, fix })
  }
  if (trainer?.steps !== undefined && trainer.epochs !== undefined) {
    fail(
      'trainer.steps',
      `is ${trainer.steps} beside epochs ${trainer.epochs}`,
      'one of the two',
      'Remove one.',
    )
  }
  const separate = tokenizer !== undefined && 'source' in tokenizer
  if (separate && model?.sharedEmbeddings === 'all') {
    fail(
      'model.sharedEmbeddings',
      "is 'all' with two tokenizers",
      "'none' or 'target-and-output'",
      'Use one tokenizer for both languages, or share less.',
    )
  }
  const scored = trainer?.best === 'bleu' || trainer?.best === 'chrf'
  if (scored && trainer.translatedPairs === 0) {
    fail(
      'trainer.best',
      `is '${trainer.best}' with translatedPairs 0`,
      'a figure that evaluations give',
      "Translate some pairs, or take 'loss'.",
    )
  }
  const width = model?.width ?? 256
  const heads = model?.heads ?? 4
  if (width % heads !== 0) {
    fail('model.heads', `is ${heads}`, `a number that divides the width ${width}`, 'Change one of the two.')
  }
}
