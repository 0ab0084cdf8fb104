import { basename, dirname, resolve } from 'node:path'
import type { BackendChoice } from '@qkv/tensor'
import type { Config, Plugin } from '../config/config.ts'
import { findConfigFile, loadConfig } from '../config/load-config.ts'
import { resolveConfig, type ResolvedConfig } from '../config/resolve-config.ts'
import { UsageError } from '../errors/usage-error.ts'
import { findShippedModel } from '../run/shipped-models.ts'
import type { Io } from './io.ts'

/** Options that stand above the config. */
export interface TrainingFlags {
  readonly config: string | undefined
  readonly output: string | undefined
  readonly backend: string | undefined
  readonly steps: number | undefined
  readonly seed: number | undefined
}

/** The config of a training, with the options of the command and the environment above it. */
export async function readTrainingConfig(flags: TrainingFlags, io: Io): Promise<ResolvedConfig> {
  const { config, path } = await loadConfig({ folder: io.cwd, path: flags.config })
  const { steps, seed } = flags
  const backend = readBackend(flags.backend, io.env)
  const changed: Config = {
    ...config,
    ...(backend && { backend }),
    trainer: {
      ...config.trainer,
      ...(steps !== undefined && { steps, epochs: undefined }),
      ...(seed !== undefined && { seed }),
    },
  }
  const resolved = resolveConfig(changed, { folder: dirname(path), source: basename(path) })
  return flags.output === undefined ? resolved : { ...resolved, output: resolve(io.cwd, flags.output) }
}

/** A trained model, and what it runs with. */
export interface ModelSettings {
  /** Absolute path of the model's folder. */
  readonly folder: string
  readonly backend: readonly BackendChoice[]
  readonly plugins: readonly Plugin[]
  /** Absolute path of the folder whose packages may bring backends: that of the config, else the working directory. */
  readonly project: string
  /** The config that the folder's model comes from, where there is one. */
  readonly config: ResolvedConfig | undefined
}

/**
 * Which model to use: that of `--model`, the one that comes with qkv for `--from` and `--to`, or that of the config. Throws a
 * `UsageError` when none is there, or two are named.
 */
export async function readModelSettings(
  flags: {
    readonly model: string | undefined
    readonly from?: string | undefined
    readonly to?: string | undefined
    readonly config: string | undefined
    readonly backend: string | undefined
  },
  io: Io,
): Promise<ModelSettings> {
  const loaded =
    flags.config !== undefined || findConfigFile(io.cwd) !== undefined
      ? await loadConfig({ folder: io.cwd, path: flags.config })
      : undefined
  const config =
    loaded && resolveConfig(loaded.config, { folder: dirname(loaded.path), source: basename(loaded.path) })
  const folder = modelFolder(flags, io.cwd) ?? config?.output
  if (folder === undefined) {
    throw new UsageError({
      operation: 'qkv',
      argument: '--model',
      got: `is missing, and there is no qkv.config.ts in ${io.cwd}`,
      expected: 'the folder of a trained model',
      fix: 'Add --model runs/translation or --from zh --to en, or run it where the config is.',
    })
  }
  const backend = readBackend(flags.backend, io.env) ?? config?.backend ?? ['cpu']
  return { folder, backend, plugins: config?.plugins ?? [], project: config?.folder ?? io.cwd, config }
}

function modelFolder(
  {
    model,
    from,
    to,
  }: {
    readonly model: string | undefined
    readonly from?: string | undefined
    readonly to?: string | undefined
  },
  folder: string,
): string | undefined {
  if (from === undefined && to === undefined) return model === undefined ? undefined : resolve(folder, model)
  if (from !== undefined && to !== undefined && model === undefined) return findShippedModel(from, to, folder)
  throw new UsageError({
    operation: 'qkv',
    argument: model === undefined ? '--from, --to' : '--model',
    got: model === undefined ? 'are not both given' : 'is given with --from or --to',
    expected: 'either --model, or --from with --to',
    fix: model === undefined ? 'Write --from zh --to en.' : 'Leave one out.',
  })
}

/** `--backend`, or else QKV_BACKEND: one name, or several with commas between them. */
export function readBackend(flag: string | undefined, env: Io['env']): readonly string[] | undefined {
  const text = flag ?? env['QKV_BACKEND']
  if (text === undefined || (flag === undefined && text === '')) return undefined
  const names = text.split(',').map((name) => name.trim())
  if (names.every((name) => name !== '')) return names
  throw new UsageError({
    operation: 'qkv',
    argument: flag === undefined ? 'QKV_BACKEND' : '--backend',
    got: `is '${text}'`,
    expected: 'a name, or names with commas between them',
    fix: 'Write --backend cpu.',
  })
}
