import { suggestion } from '@qkv/tensor'
import type { Pair } from '@qkv/data'
import type { BleuTokenizerName } from '@qkv/trainer'
import type { TextFiles } from '../../config/config.ts'
import { resolveFiles } from '../../config/resolve-config.ts'
import { UsageError } from '../../errors/usage-error.ts'
import { evaluateTranslator } from '../../run/evaluate.ts'
import { loadCorpus, readPairs } from '../../run/load-corpus.ts'
import { loadTranslator } from '../../run/translator.ts'
import { type Command, createCommand } from '../command.ts'
import { formatColumns } from '../format.ts'
import { type Io, writeLine } from '../io.ts'
import { modelArguments } from '../model-arguments.ts'
import { readWholeNumber } from '../read-option.ts'
import { type ModelSettings, readModelSettings } from '../read-settings.ts'
import { reportSelection } from '../report-selection.ts'

const bleuTokenizers: readonly BleuTokenizerName[] = ['13a', 'zh', 'char', 'none']

/** Measures a trained model on a test set. */
export const evaluate: Command = createCommand({
  name: 'evaluate',
  description: 'Measure a trained model on test pairs: BLEU, chrF, exact match, loss.',
  example: 'qkv evaluate --model runs/translation --test test.tsv --limit 200',
  args: {
    ...modelArguments,
    test: {
      type: 'string',
      valueHint: 'file',
      description: 'Tab-separated pairs; the test set of qkv.config.ts unless said.',
    },
    'source-column': {
      type: 'string',
      valueHint: 'number',
      description: 'Column of the source in --test, counted from 0; 0 unless said.',
    },
    'target-column': {
      type: 'string',
      valueHint: 'number',
      description: 'Column of the target in --test; 1 unless said.',
    },
    source: {
      type: 'string',
      valueHint: 'file',
      description: 'Sources, one per line; with --target, instead of --test.',
    },
    target: { type: 'string', valueHint: 'file', description: 'References, one per line.' },
    'bleu-tokenizer': {
      type: 'string',
      valueHint: 'name',
      description: `How BLEU cuts text: ${bleuTokenizers.join(', ')}; as the config says, or 13a, unless said.`,
    },
    limit: { type: 'string', valueHint: 'count', description: 'Only the first so many pairs.' },
    json: { type: 'boolean', description: 'Print the figures and all translations as JSON.' },
  },
  async run(args, io) {
    const limit = readWholeNumber('evaluate', '--limit', args.limit, 1)
    const bleuTokenizer = readBleuTokenizer(args['bleu-tokenizer'])
    const beams = readWholeNumber('evaluate', '--beams', args.beams, 1)
    const files = testFiles({
      test: args.test,
      source: args.source,
      target: args.target,
      sourceColumn: readWholeNumber('evaluate', '--source-column', args['source-column'], 0),
      targetColumn: readWholeNumber('evaluate', '--target-column', args['target-column'], 0),
    })
    const settings = await readModelSettings(
      { model: args.model, from: args.from, to: args.to, config: args.config, backend: args.backend },
      io,
    )
    const pairs = (await testPairs(files, settings, io)).slice(0, limit)
    const translator = await loadTranslator(settings.folder, settings)
    reportSelection(translator.device, io)
    try {
      const { translations, ...scores } = await evaluateTranslator(translator, pairs, {
        beams,
        bleuTokenizer: bleuTokenizer ?? settings.config?.evaluation.bleuTokenizer,
      })
      if (args.json === true) {
        const texts = pairs.map(({ source, target }, index) => ({
          source,
          reference: target,
          translation: translations[index],
        }))
        writeLine(io.stdout, JSON.stringify({ model: settings.folder, ...scores, translations: texts }))
        return
      }
      writeLine(
        io.stdout,
        formatColumns([
          ['pairs', String(scores.pairs)],
          ['BLEU', scores.bleu.toFixed(2)],
          ['chrF', scores.chrf.toFixed(2)],
          ['exact match, %', scores.exactMatch.toFixed(2)],
          ['loss, nats per token', scores.loss.toFixed(4)],
          ['perplexity', scores.perplexity.toFixed(3)],
        ]),
      )
    } finally {
      await translator.dispose()
    }
  },
})

function readBleuTokenizer(name: string | undefined): BleuTokenizerName | undefined {
  if (name === undefined) return undefined
  const known = bleuTokenizers.find((each) => each === name)
  if (known !== undefined) return known
  throw new UsageError({
    operation: 'qkv evaluate',
    argument: '--bleu-tokenizer',
    got: `is '${name}'`,
    expected: `one of ${bleuTokenizers.join(', ')}`,
    fix: `${suggestion(name, bleuTokenizers)}Use char or zh where the target is Chinese.`,
  })
}

interface TestFlags {
  readonly test: string | undefined
  readonly source: string | undefined
  readonly target: string | undefined
  readonly sourceColumn: number | undefined
  readonly targetColumn: number | undefined
}

function testFiles({ test, source, target, sourceColumn, targetColumn }: TestFlags): TextFiles | undefined {
  if ((source === undefined) !== (target === undefined) || (test !== undefined && source !== undefined)) {
    throw new UsageError({
      operation: 'qkv evaluate',
      argument: test === undefined ? (source === undefined ? '--target' : '--source') : '--test',
      got: test === undefined ? 'is given alone' : 'is given with --source and --target',
      expected: 'either --test, or --source with --target',
      fix: 'Add the other file, or leave one out.',
    })
  }
  if (source !== undefined && target !== undefined) return { source, target }
  if (test === undefined && (sourceColumn ?? targetColumn) === undefined) return undefined
  if (test !== undefined) return { path: test, sourceColumn, targetColumn }
  throw new UsageError({
    operation: 'qkv evaluate',
    argument: sourceColumn === undefined ? '--target-column' : '--source-column',
    got: 'is given without --test',
    expected: 'a file that has the column',
    fix: 'Add --test, or leave the column out.',
  })
}

async function testPairs(
  files: TextFiles | undefined,
  { config }: ModelSettings,
  io: Io,
): Promise<readonly Pair[]> {
  if (files !== undefined) return (await readPairs(resolveFiles(files, io.cwd), 'error')).pairs
  const test = config === undefined ? [] : (await loadCorpus(config.data)).test
  if (test.length > 0) return test
  throw new UsageError({
    operation: 'qkv evaluate',
    argument: '--test',
    got: `is missing, and ${config === undefined ? 'there is no config' : 'the config names no test data'}`,
    expected: 'pairs to translate and compare with',
    fix: 'Add --test test.tsv, or `test` to the `data` of the config.',
  })
}
