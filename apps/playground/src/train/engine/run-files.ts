import { encodeSafetensors } from '@qkv/checkpoints'
import { formatTabSeparated, type Pair } from '@qkv/data'
import { describeModel, modelFileNames, singlePrecision } from '@qkv/pipelines'
import { configFile, dataFileNames } from '../settings/config-file.ts'
import { isPhraseBook } from '../settings/settings.ts'
import type { TrainingRun } from './training-run.ts'

type Content = string | Uint8Array<ArrayBuffer>

/** What can be downloaded of a training, by file name: the model as `loadTranslator` reads it, and what trains it again. */
export function runFiles(run: TrainingRun): ReadonlyMap<string, () => Promise<Content>> {
  const { translator, settings, corpus } = run
  const { model, tokenizers } = translator
  const description = describeModel(translator)
  const json = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`
  const data = (pairs: readonly Pair[]) => async (): Promise<string> => formatTabSeparated(pairs)
  return new Map<string, () => Promise<Content>>([
    [
      modelFileNames.weights,
      async () =>
        encodeSafetensors(singlePrecision(await run.between(() => model.readState())), [
          ['step', String(run.step)],
        ]),
    ],
    [modelFileNames.description, async () => json(description)],
    [description.tokenizers.source, async () => json(tokenizers.source)],
    [description.tokenizers.target, async () => json(tokenizers.target)],
    ['qkv.config.ts', async () => configFile(settings)],
    ...(isPhraseBook(settings.task)
      ? []
      : ([
          [dataFileNames.train, data(corpus.train)],
          [dataFileNames.validation, data(corpus.validation)],
        ] as const)),
  ])
}
