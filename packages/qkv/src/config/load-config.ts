import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { createJiti } from 'jiti'
import { ConfigError } from '../errors/config-error.ts'
import type { Config } from './config.ts'
import { checkConfig } from './check-config.ts'

/** The names that are looked for, in this order. */
export const configFileNames: readonly string[] = ['ts', 'mts', 'js', 'mjs', 'json'].map(
  (extension) => `qkv.config.${extension}`,
)

export interface LoadedConfig {
  readonly config: Config
  /** The file that it came from. */
  readonly path: string
}

/**
 * Finds `qkv.config.*` in a folder, if there is one.
 *
 * @example
 * findConfigFile(process.cwd()) // '/home/ada/translation/qkv.config.ts'
 */
export function findConfigFile(folder: string): string | undefined {
  return configFileNames.map((name) => join(folder, name)).find((path) => existsSync(path))
}

/**
 * Reads and checks a config file: the one given, or the one that lies in `folder`. TypeScript needs no build.
 * Throws a `ConfigError` when there is none, when it cannot be run, and for a bad field.
 *
 * @example
 * const { config, path } = await loadConfig({ folder: process.cwd() })
 */
export async function loadConfig(options: {
  readonly folder: string
  readonly path?: string | undefined
}): Promise<LoadedConfig> {
  const { folder } = options
  const path = options.path === undefined ? findConfigFile(folder) : resolve(folder, options.path)
  if (path === undefined || !existsSync(path)) throw missingError(options.path, folder)
  const name = basename(path)
  return { config: checkConfig(await importConfig(path, name), name), path }
}

async function importConfig(path: string, name: string): Promise<unknown> {
  try {
    if (name.endsWith('.json')) return JSON.parse(await readFile(path, 'utf8'))
    // A config may import 'qkv' where it is not installed, as with a global command: this very package is meant.
    const jiti = createJiti(join(dirname(path), 'qkv.config'), {
      fsCache: false,
      moduleCache: false,
      virtualModules: { qkv: await import('../index.ts') },
    })
    return defaultExport(await jiti.import(path), name, path)
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause
    const reason = cause instanceof Error ? firstLine(cause.message) : String(cause)
    throw Object.assign(
      new ConfigError({
        operation: name,
        argument: path,
        got: `cannot be run (${reason})`,
        expected: 'a module with a default export, or a JSON document',
        fix: 'Mend the error; `qkv init --output other.config.ts` writes an example to compare with.',
      }),
      { cause },
    )
  }
}

function defaultExport(loaded: unknown, name: string, path: string): unknown {
  if (typeof loaded === 'object' && loaded !== null && 'default' in loaded) return loaded.default
  throw new ConfigError({
    operation: name,
    argument: path,
    got: 'has no default export',
    expected: 'export default defineConfig({ ... })',
    fix: 'Put `export default` before the config.',
  })
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.trim()
}

function missingError(path: string | undefined, folder: string): ConfigError {
  return new ConfigError({
    operation: 'config',
    argument: path ?? 'qkv.config.ts',
    got: path === undefined ? `is not in ${folder}` : 'does not exist',
    expected: `a config (${configFileNames.join(', ')})`,
    fix: 'Run `qkv init` to write one, or name another with --config.',
  })
}
