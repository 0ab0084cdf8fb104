import { feedForwards } from '@qkv/nn'
import { z } from 'zod'
import type { Config } from './config.ts'

const text = z.string().min(1)
const count = z.int().min(1)
const countOrNone = z.int().min(0)
const share = z.number().min(0).lt(1)
const positive = z.number().gt(0)
const seed = z
  .int()
  .min(0)
  .lt(2 ** 48)
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const textFiles = z.union([
  text,
  z.strictObject({ path: text, sourceColumn: countOrNone.optional(), targetColumn: countOrNone.optional() }),
  z.strictObject({ source: text, target: text }),
])
const corpus = z.union([textFiles, z.array(textFiles).min(1)])
const trainingText = z.union([
  textFiles,
  z.strictObject({ corpus: z.literal('phrase-book'), seed: seed.optional() }),
])
const direction = z.enum(['forward', 'reverse']).optional()
const data = z.union([
  z.literal('phrase-book'),
  z.strictObject({
    corpus: z.literal('phrase-book'),
    seed: seed.optional(),
    validation: count.optional(),
    direction,
  }),
  z.strictObject({
    train: z.union([trainingText, z.array(trainingText).min(1)]),
    validation: z.union([count, corpus]).optional(),
    test: corpus.optional(),
    direction,
    emptySides: z.enum(['error', 'skip']).optional(),
  }),
])

const tokenizerSettings = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('byte-level-bpe'),
    vocabularySize: z.int().min(259),
    dropout: share.optional(),
  }),
  z.strictObject({ type: z.literal('character-level'), vocabularySize: z.int().min(5) }),
])
const tokenizer = z.union([
  tokenizerSettings,
  z.strictObject({ source: tokenizerSettings, target: tokenizerSettings }),
])

const partValue = z.custom<{ readonly name: string }>(
  (value) => isObject(value) && 'name' in value && typeof value.name === 'string' && !('part' in value),
  'a part from a package, as its factory makes it',
)
const partChoice = z.union([
  text,
  z.strictObject({ part: text, options: z.record(z.string(), z.unknown()).optional() }),
  partValue,
])
const parts = z.array(partChoice).min(1)
const model = z.strictObject({
  type: z.literal('transformer'),
  width: count.optional(),
  heads: count.optional(),
  encoderLayers: count.optional(),
  decoderLayers: count.optional(),
  innerWidth: count.optional(),
  feedForward: z.enum(feedForwards.map(({ name }) => name)).optional(),
  dropout: share.optional(),
  attentionDropout: share.optional(),
  norm: z.enum(['pre', 'post']).optional(),
  finalNorm: z.boolean().optional(),
  epsilon: positive.optional(),
  sharedEmbeddings: z.enum(['none', 'target-and-output', 'all']).optional(),
  outputBias: z.boolean().optional(),
  maximumLength: count.optional(),
  attention: z.union([parts, z.strictObject({ encoder: parts, decoder: parts, cross: parts })]).optional(),
})

const betas = { beta1: share.optional(), beta2: share.optional() }
const weightDecay = { weightDecay: z.number().min(0).optional() }
const optimizers = [
  z.strictObject({ type: z.literal('adamw'), ...betas, epsilon: positive.optional(), ...weightDecay }),
  z.strictObject({ type: z.literal('adam'), ...betas, epsilon: positive.optional() }),
  z.strictObject({
    type: z.literal('sgd'),
    momentum: share.optional(),
    nesterov: z.boolean().optional(),
    ...weightDecay,
  }),
  z.strictObject({ type: z.literal('lion'), ...betas, ...weightDecay }),
] as const
const optimizerNames = ['adamw', 'adam', 'sgd', 'lion'] as const
const trainer = z.strictObject({
  optimizer: z.union([z.enum(optimizerNames), z.discriminatedUnion('type', optimizers)]).optional(),
  schedule: z.enum(['noam', 'inverse-square-root', 'cosine', 'linear', 'constant']).optional(),
  learningRate: positive.optional(),
  warmup: countOrNone.optional(),
  labelSmoothing: share.optional(),
  tokensPerBatch: z.int().min(2).optional(),
  accumulate: count.optional(),
  epochs: count.optional(),
  steps: count.optional(),
  clipNorm: z.union([positive, z.literal('none')]).optional(),
  evaluateEvery: count.optional(),
  checkpointEvery: count.optional(),
  patience: z.union([count, z.literal('none')]).optional(),
  translatedPairs: countOrNone.optional(),
  best: z.enum(['loss', 'bleu', 'chrf']).optional(),
  seed: seed.optional(),
})

const backendPlugin = z.custom<{ readonly name: string }>(
  (value) => isObject(value) && 'name' in value && 'create' in value && typeof value.create === 'function',
  'the plugin of a backend package',
)
const backend = z.union([text, backendPlugin])
const plugin = z.custom<{ readonly name: string }>(
  (value) => typeof value === 'function' || (isObject(value) && 'name' in value),
  'a backend plugin, an attention part, or the factory of one',
)

/** What may stand in a config; fields that are not listed are errors. */
export const configSchema: z.ZodType<Config> = z.strictObject({
  name: z
    .string()
    .regex(/^[\w][\w.-]*$/, 'letters, digits, ., - and _')
    .optional(),
  output: text.optional(),
  backend: z.union([backend, z.array(backend).min(1)]).optional(),
  data,
  tokenizer: tokenizer.optional(),
  model: model.optional(),
  trainer: trainer.optional(),
  evaluation: z.strictObject({ bleuTokenizer: z.enum(['13a', 'zh', 'char', 'none']).optional() }).optional(),
  generation: z
    .strictObject({
      beams: count.optional(),
      lengthPenalty: z.number().min(0).optional(),
      maximumTokens: count.optional(),
    })
    .optional(),
  plugins: z.array(plugin).optional(),
}) as z.ZodType<Config>
