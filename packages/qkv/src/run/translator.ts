import {
  loadTranslator as loadFrom,
  type TranslateOptions,
  type Translation,
  type Translator,
} from '@qkv/pipelines'
import type { BackendChoice } from '@qkv/tensor'
import type { Plugin } from '../config/config.ts'
import { openDevice } from '../presets.ts'
import { modelFilesFromFolder } from './model-folder.ts'
import { namePlugins } from './name-plugins.ts'
import { sortPlugins } from './sort-plugins.ts'

export interface LoadOptions {
  /** `cpu` unless said. */
  readonly backend?: BackendChoice | readonly BackendChoice[] | undefined
  /** Those of the config that the model was trained with. */
  readonly plugins?: readonly Plugin[] | undefined
  /**
   * The project that named the backend, whose packages may bring it: the folder of its config. The working directory unless said; never the
   * folder of the model, since weights bring no code.
   */
  readonly project?: string | undefined
}

/**
 * Loads a model folder that training wrote, on a device of its own, which disposing the translator closes. Throws a `RunError`
 * when the folder is none or its files are damaged, a `CheckpointError` when its weights are, and a `StateError` when they
 * belong to another model.
 *
 * @example
 * const translator = await loadTranslator('runs/translation')
 * const [{ text }] = await translator.translate(['机器学习'])
 * await translator.dispose()
 */
export async function loadTranslator(folder: string, options: LoadOptions = {}): Promise<Translator> {
  const { backends, parts } = sortPlugins(options.plugins ?? [])
  const { backend = 'cpu', project } = options
  const device = await openDevice({ backend, plugins: backends, folder: project })
  try {
    const translator = await namePlugins(() => loadFrom(modelFilesFromFolder(folder), { device, parts }))
    return {
      ...translator,
      async dispose() {
        await translator.dispose()
        await device.dispose()
      },
    }
  } catch (error) {
    await device.dispose()
    throw error
  }
}

/**
 * Translates texts with a model folder, and closes it again; `loadTranslator` is quicker for more than one call.
 *
 * @example
 * const [{ text }] = await translate('runs/translation', ['机器学习'])
 */
export async function translate(
  folder: string,
  texts: readonly string[],
  options: TranslateOptions & LoadOptions = {},
): Promise<Translation[]> {
  const translator = await loadTranslator(folder, options)
  try {
    return await translator.translate(texts, options)
  } finally {
    await translator.dispose()
  }
}
