import { isPhraseBook, type TrainSettings } from './settings.ts'
import { phraseBookChoice, trainingPlan } from './training-plan.ts'

/** The names of the text beside the config, for what is not the phrase book. */
export const dataFileNames = { train: 'train.tsv', validation: 'validation.tsv' } as const

/** The text of a `qkv.config.ts` that trains the same model, bit by bit, with `qkv train`. */
export function configFile(settings: TrainSettings): string {
  const { tokenizer, model, trainer, evaluation, generation } = trainingPlan(settings)
  const { shared, source, target } = tokenizer
  const { length, ...trainerFields } = trainer
  const config = {
    name: settings.task,
    backend: settings.backend,
    data: dataOf(settings),
    tokenizer: shared ? source : { source, target },
    model: { type: 'transformer', ...model },
    trainer: { ...trainerFields, ...length },
    evaluation,
    generation,
  }
  const hint = isPhraseBook(settings.task)
    ? '// The phrase book comes with qkv: no other file is needed.'
    : `// Put ${dataFileNames.train} and ${dataFileNames.validation} into the folder of this file; the page that wrote it offers both.`
  return [
    '// Written by the qkv playground. Train it with: npx qkv train',
    hint,
    "import { defineConfig } from 'qkv'",
    '',
    `export default defineConfig(${JSON.stringify(config, undefined, 2)})`,
    '',
  ].join('\n')
}

function dataOf(settings: TrainSettings): object {
  if (!isPhraseBook(settings.task)) return dataFileNames
  return {
    corpus: 'phrase-book',
    ...phraseBookChoice,
    direction: settings.task === 'zh-en' ? 'forward' : 'reverse',
  }
}
