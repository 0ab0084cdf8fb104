import { MissingPartError } from '@qkv/pipelines'
import { ConfigError } from '../errors/config-error.ts'

/** Loads a model; a part that it lacks is named as what a config has to bring. */
export async function namePlugins<Model>(load: () => Promise<Model>): Promise<Model> {
  try {
    return await load()
  } catch (error) {
    if (!(error instanceof MissingPartError)) throw error
    const { operation, argument, got } = error
    const expected = 'the same part among the plugins'
    const fix = 'Add it to `plugins` in qkv.config.ts, and run the command there.'
    throw Object.assign(new ConfigError({ operation, argument, got, expected, fix }), { cause: error })
  }
}
