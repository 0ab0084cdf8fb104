import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pair } from '@qkv/data'
import type { Translator } from '@qkv/pipelines'
import { duration } from '@qkv/trainer'
import { resolveConfig, type ResolvedConfig } from '../../config/resolve-config.ts'
import { captureCrossAttention } from '../../run/attention-map.ts'
import { type Evaluation, evaluateTranslator } from '../../run/evaluate.ts'
import { trainResolved } from '../../run/train.ts'
import { loadTranslator } from '../../run/translator.ts'
import { type Command, createCommand } from '../command.ts'
import { alwaysTranslated, checkBars, shuffledBleuOf } from '../demo-bars.ts'
import { demoConfig } from '../demo-config.ts'
import { drawAttention } from '../draw-attention.ts'
import { colorsFor, type Output, writeLine } from '../io.ts'
import { readWholeNumber } from '../read-option.ts'
import { readBackend } from '../read-settings.ts'
import { loadShipped, type Shipped, translateLines } from '../shipped-translation.ts'
import { createTrainingReport } from '../training-report.ts'

const samples = 8

/** Trains a small model from scratch on the phrase book, translates with it, and looks inside. */
export const demo: Command = createCommand({
  name: 'demo',
  description: 'Train a small Chinese-English model from scratch, translate with it, and look inside.',
  example: 'qkv demo 我爱你 你爱我',
  args: {
    sentences: { type: 'positional', required: false, description: 'Chinese sentences to translate too.' },
    backend: { type: 'string', valueHint: 'names', description: 'What to compute with; cpu unless said.' },
    steps: { type: 'string', valueHint: 'count', description: 'Another number of training steps.' },
    json: { type: 'boolean', description: 'Print a summary as JSON; everything else goes to stderr.' },
  },
  async run(args, io) {
    const steps = readWholeNumber('demo', '--steps', args.steps, 1)
    const backend = readBackend(args.backend, io.env)
    const output = await mkdtemp(join(tmpdir(), 'qkv-demo-'))
    const config = {
      ...resolveConfig({
        ...demoConfig,
        ...(backend && { backend }),
        ...(steps !== undefined && { trainer: { ...demoConfig.trainer, steps } }),
      }),
      output,
    }
    const text = args.json === true ? io.stderr : io.stdout
    const { bold } = colorsFor(text, io.env)
    const heading = (title: string): void => writeLine(text, `\n${bold(title)}`)

    const abort = new AbortController()
    const stopListening = io.onInterrupt(() => abort.abort())
    const started = performance.now()
    const report = createTrainingReport(text, io)
    heading('Training from scratch')
    const { parameters, test, reason, tokens, seconds } = await trainDemo(
      config,
      abort.signal,
      report,
    ).finally(() => {
      report.close()
      stopListening()
    })
    if (reason === 'aborted') {
      writeLine(text, `Interrupted; what was trained is in ${output}.`)
      return 130
    }

    const translator = await loadTranslator(output, { backend: config.backend })
    let shipped: Shipped | undefined
    try {
      heading(`Held-out sentences: ${test.length} that were not trained on`)
      const evaluation = await evaluateTranslator(translator, test)
      const shuffledBleu = shuffledBleuOf(evaluation.translations, test)
      writeLine(
        text,
        `BLEU ${evaluation.bleu.toFixed(1)}, chrF ${evaluation.chrf.toFixed(1)}, exact match ${evaluation.exactMatch.toFixed(1)} %`,
      )
      writeLine(
        text,
        `BLEU with the sources shuffled among the pairs ${shuffledBleu.toFixed(1)} (a model that reads its source scores low here)`,
      )
      for (const line of sampleLines(test, evaluation)) writeLine(text, line)

      heading('Your sentences')
      const wanted = [...new Set([...args._, alwaysTranslated.source])]
      const translations = await translator.translate(wanted)
      for (const each of translations) writeLine(text, `${each.source} → ${each.text}`)
      const machineLearning = translations.find(({ source }) => source === alwaysTranslated.source)!.text

      heading('Cross-attention: which Chinese tokens each English token looked at')
      await draw(translator, text)

      heading('With the model that comes with qkv')
      shipped = await loadShipped(config.backend, io)
      const byShipped = (await shipped.translator?.translate(wanted)) ?? []
      for (const each of byShipped) writeLine(text, `${each.source} → ${each.text}`)
      if (shipped.missing !== undefined) writeLine(text, shipped.missing)

      const summary = {
        parameters,
        steps: 'steps' in config.trainer.length ? config.trainer.length.steps : null,
        trainingSeconds: seconds,
        tokensPerSecond: tokens / seconds,
        totalSeconds: (performance.now() - started) / 1000,
        bleu: evaluation.bleu,
        chrf: evaluation.chrf,
        exactMatch: evaluation.exactMatch,
        shuffledBleu,
        machineLearning,
        translations: translations.map(({ source, text }) => ({ source, text })),
        shipped: byShipped.map(({ source, text }) => ({ source, text })),
        model: output,
      }
      heading('Summary')
      writeLine(
        text,
        `${parameters.toLocaleString('en-US')} parameters, trained in ${duration(seconds)} at ${Math.round(tokens / seconds)} target tokens/s; ${duration(summary.totalSeconds)} in all`,
      )
      writeLine(text, `The model is in ${output}; try: qkv translate --model ${output} "..."`)
      if (args.json === true) writeLine(io.stdout, JSON.stringify(summary))
      checkBars({ ...evaluation, shuffledBleu, machineLearning })
      if (io.stdin.isTTY === true && args.json !== true && shipped.translator)
        await translateLines(shipped.translator, io)
      return 0
    } finally {
      await shipped?.translator?.dispose()
      await translator.dispose()
    }
  },
})

interface DemoTraining {
  readonly parameters: number
  readonly test: readonly Pair[]
  readonly reason: string
  /** Target tokens trained on. */
  readonly tokens: number
  /** Spent in training steps. */
  readonly seconds: number
}

async function trainDemo(
  config: ResolvedConfig,
  signal: AbortSignal,
  report: ReturnType<typeof createTrainingReport>,
): Promise<DemoTraining> {
  let tokens = 0
  let seconds = 0
  const { parameters, test, reason } = await trainResolved(config, {
    signal,
    onEvent(event) {
      report.show(event)
      if (event.type !== 'stopped') return
      tokens = event.tokens
      seconds = event.seconds
    },
  })
  return { parameters, test, reason, tokens, seconds }
}

function* sampleLines(test: readonly Pair[], { translations }: Evaluation): Generator<string> {
  for (let index = 0; index < samples; index += 1) {
    const place = Math.floor((index * test.length) / samples)
    const { source, target } = test[place]!
    const translation = translations[place]!
    yield ''
    yield `  ${source}`
    yield translation === target
      ? `  ${translation}  (as the reference)`
      : `  ${translation}\n  ${target}  (the reference)`
  }
}

async function draw(translator: Translator, text: Output): Promise<void> {
  const [translation] = await translator.translate(['我喜欢机器学习。'])
  if (translation!.candidates.length === 0) return
  const map = await captureCrossAttention(translator, translation!)
  writeLine(text, drawAttention(map))
}
