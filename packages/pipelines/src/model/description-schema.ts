import * as v from 'valibot'
import type { ModelDescription } from './model-description.ts'

// The message of each schema is the "expected" part of an error sentence.
const wholeNumber = v.pipe(v.number('a whole number'), v.safeInteger('a whole number'))

/** Bounds keep a damaged or hostile file from asking for more memory or time than any real model. */
function wholeNumberBetween(least: number, most: number): v.GenericSchema<number> {
  return v.pipe(
    wholeNumber,
    v.minValue(least, `a number of at least ${least}`),
    v.maxValue(most, `a number of at most ${most}`),
  )
}

const size = wholeNumberBetween(1, 2 ** 24)
const layers = wholeNumberBetween(1, 2 ** 10)
const length = wholeNumberBetween(1, 2 ** 17)
const beams = wholeNumberBetween(1, 2 ** 10)
const id = wholeNumberBetween(0, 2 ** 24)
const rate = v.pipe(
  v.number('a number'),
  v.minValue(0, 'a number of at least 0'),
  v.ltValue(1, 'a number below 1'),
)
const number = v.pipe(v.number('a number'), v.finite('a finite number'))
const text = v.string('a text')
const yesOrNo = v.boolean('true or false')
// A plain name: a description must not lead out of its folder.
const fileName = v.pipe(text, v.regex(/^\w[\w.-]*$/, 'the name of a file in the same folder'))

const strict = <Entries extends v.ObjectEntries>(entries: Entries): v.StrictObjectSchema<Entries, string> =>
  v.strictObject(entries, `{ ${Object.keys(entries).join(', ')} }`)
const oneOf = <const Options extends readonly string[]>(
  options: Options,
): v.PicklistSchema<Options, string> =>
  v.picklist(options, options.map((option) => `'${option}'`).join(' or '))

const namedPart = strict({ part: text, options: v.record(v.string(), v.unknown(), '{ ... }') })
const pluginPart = strict({ plugin: text })
const part = v.lazy((input) => {
  if (typeof input !== 'object' || input === null) return v.string('a text, { part, options } or { plugin }')
  return 'plugin' in input ? pluginPart : namedPart
})
const parts = v.array(part, 'a list of parts, or { encoder, decoder, cross }')
const sites = strict({ encoder: parts, decoder: parts, cross: parts })

/** What `config.json` may hold. */
export const descriptionSchema: v.GenericSchema<unknown, ModelDescription> = strict({
  format: v.literal('qkv-model', "'qkv-model'"),
  version: v.literal(1, "'1'"),
  type: v.literal('transformer', "'transformer'"),
  model: strict({
    sourceVocabularySize: size,
    targetVocabularySize: size,
    width: size,
    heads: size,
    encoderLayers: layers,
    decoderLayers: layers,
    innerWidth: size,
    feedForward: text,
    dropout: rate,
    attentionDropout: rate,
    norm: oneOf(['pre', 'post']),
    finalNorm: yesOrNo,
    epsilon: number,
    sharedEmbeddings: oneOf(['none', 'target-and-output', 'all']),
    outputBias: yesOrNo,
    maximumLength: length,
    attention: v.lazy((input) =>
      typeof input === 'object' && input !== null && !Array.isArray(input) ? sites : parts,
    ),
    paddingId: id,
    beginId: id,
    endId: id,
  }),
  tokenizers: strict({ source: fileName, target: fileName }),
  generation: strict({ beams, lengthPenalty: number, maximumTokens: size }),
  quantization: v.optional(strict({ bits: v.literal(8, "'8'"), blockSize: v.nullable(size) })),
  training: v.optional(strict({ longestSource: size })),
})
