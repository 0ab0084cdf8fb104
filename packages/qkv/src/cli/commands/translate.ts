import type { Translation, Translator } from '@qkv/pipelines'
import { UsageError } from '../../errors/usage-error.ts'
import { type AttentionMap, captureCrossAttention } from '../../run/attention-map.ts'
import { loadTranslator } from '../../run/translator.ts'
import { type Command, createCommand } from '../command.ts'
import { drawAttention } from '../draw-attention.ts'
import { writeLine } from '../io.ts'
import { modelArguments } from '../model-arguments.ts'
import { readNumber, readWholeNumber } from '../read-option.ts'
import { readModelSettings } from '../read-settings.ts'
import { reportSelection } from '../report-selection.ts'
import { sentencesOf } from '../sentences-of.ts'

/** Translates sentences with a trained model. */
export const translate: Command = createCommand({
  name: 'translate',
  description: 'Translate sentences, or standard input line by line.',
  example: 'qkv translate --from zh --to en 机器学习',
  args: {
    sentences: {
      type: 'positional',
      required: false,
      description: 'What to translate; lines of standard input unless said.',
    },
    ...modelArguments,
    'length-penalty': {
      type: 'string',
      valueHint: 'number',
      description: '0 prefers short translations, 1 takes the mean per token.',
    },
    'n-best': {
      type: 'string',
      valueHint: 'count',
      description: 'How many translations of each sentence, at most as many as beams, with their scores.',
    },
    'show-attention': {
      type: 'boolean',
      description: 'Draw which source tokens each target token attended to.',
    },
    json: { type: 'boolean', description: 'Print a line of JSON for each sentence.' },
  },
  async run(args, io) {
    const nBest = readWholeNumber('translate', '--n-best', args['n-best'], 1)
    const beams = readWholeNumber('translate', '--beams', args.beams, 1)
    const lengthPenalty = readNumber('translate', '--length-penalty', args['length-penalty'])
    const settings = await readModelSettings(
      { model: args.model, from: args.from, to: args.to, config: args.config, backend: args.backend },
      io,
    )
    const translator = await loadTranslator(settings.folder, settings)
    reportSelection(translator.device, io)
    try {
      checkCounts(nBest, beams ?? translator.generation.beams)
      const options = { beams, lengthPenalty, nBest }
      let number = 0
      for await (const sentence of sentencesOf(args._, io)) {
        number += 1
        const [translation] = await translator.translate([sentence], options)
        const show = args['show-attention'] === true && translation!.candidates.length > 0
        const attention = show ? await captureCrossAttention(translator, translation!) : undefined
        const text =
          args.json === true
            ? JSON.stringify(asJson(translation!, attention))
            : asText(translation!, number, nBest, attention)
        writeLine(io.stdout, text)
      }
    } finally {
      await translator.dispose()
    }
  },
})

function asText(
  { text, candidates }: Translation,
  number: number,
  nBest: number | undefined,
  attention: AttentionMap | undefined,
): string {
  const lines =
    nBest === undefined
      ? [text]
      : candidates.map((each) => `${number}\t${each.score.toFixed(4)}\t${each.text}`)
  return [...lines, ...(attention ? ['', drawAttention(attention), ''] : [])].join('\n')
}

function asJson({ source, text, candidates }: Translation, attention: AttentionMap | undefined): object {
  const scored = candidates.map(({ text, score }) => ({ text, score }))
  return { source, text, candidates: scored, ...(attention && { attention }) }
}

function checkCounts(nBest: number | undefined, beams: Translator['generation']['beams']): void {
  if (nBest === undefined || nBest <= beams) return
  throw new UsageError({
    operation: 'qkv translate',
    argument: '--n-best',
    got: `is ${nBest}`,
    expected: `at most the ${beams} beams`,
    fix: `Add --beams ${nBest}, or ask for fewer.`,
  })
}
