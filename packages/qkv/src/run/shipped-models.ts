import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { UsageError } from '../errors/usage-error.ts'

/** A trained model that comes as a package. */
export interface ShippedModel {
  /** Language codes, ISO 639-1. */
  readonly from: string
  readonly to: string
  readonly package: string
}

/** The models that are trained and published with qkv. */
export const shippedModels: readonly ShippedModel[] = [
  { from: 'zh', to: 'en', package: '@qkv/translation-zh-en' },
  { from: 'en', to: 'zh', package: '@qkv/translation-en-zh' },
]

/**
 * The folder of the model that translates between two languages: that of the project in `folder`, else the one that is installed
 * beside qkv. Throws a `UsageError` when there is no such model, or its package is not installed.
 *
 * @example
 * const translator = await loadTranslator(findShippedModel('zh', 'en', process.cwd()))
 */
export function findShippedModel(from: string, to: string, folder: string): string {
  const model = shippedModels.find((each) => each.from === from && each.to === to)
  if (!model) throw unknownError(from, to)
  for (const place of [join(folder, 'any.js'), import.meta.url]) {
    try {
      return dirname(createRequire(place).resolve(`${model.package}/config.json`))
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }
  throw new UsageError({
    operation: 'qkv',
    argument: '--from, --to',
    got: `are ${from} and ${to}, whose model ${model.package} is not installed`,
    expected: 'an installed model',
    fix: `Run \`npm install ${model.package}\`, or name a model that you have trained with --model.`,
  })
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND'
}

function unknownError(from: string, to: string): UsageError {
  const known = shippedModels.map((model) => `--from ${model.from} --to ${model.to}`)
  return new UsageError({
    operation: 'qkv',
    argument: '--from, --to',
    got: `are ${from} and ${to}`,
    expected: known.join(' or '),
    fix: 'Name a model of your own with --model.',
  })
}
