import type { Config } from './config.ts'

/**
 * Gives a config its type, in `qkv.config.ts`; it is checked when it is used.
 *
 * @example
 * export default defineConfig({ data: { train: 'train.tsv' }, model: { type: 'transformer', width: 128 } })
 */
export function defineConfig(config: Config): Config {
  return config
}
