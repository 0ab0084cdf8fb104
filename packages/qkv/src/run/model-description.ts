import { z } from 'zod'
import type { TransformerConfig } from '@qkv/model-zoo'
import type { ResolvedGeneration } from '../config/resolve-config.ts'
import { explainIssue } from '../config/explain-issue.ts'
import { RunError } from '../errors/run-error.ts'
import type { StoredAttention } from './stored-attention.ts'

/** How the linear layers of a model are stored in fewer bits. */
export interface StoredQuantization {
  readonly bits: 8
  /** Columns that share a scale; `null` for one scale per row. */
  readonly blockSize: number | null
}

/** What `config.json` of a model folder holds. */
export interface ModelDescription {
  readonly format: 'qkv-model'
  readonly version: 1
  readonly type: 'transformer'
  readonly model: Omit<TransformerConfig, 'attention'> & { readonly attention: StoredAttention }
  /** File names of the tokenizers; the same for both languages where they share one. */
  readonly tokenizers: { readonly source: string; readonly target: string }
  readonly generation: ResolvedGeneration
  /** Absent where all weights are float32. */
  readonly quantization?: StoredQuantization | undefined
}

const size = z.int().min(1)
const rate = z.number().min(0).lt(1)
const id = z.int().min(0)
// A plain name: a description must not lead out of its folder.
const fileName = z.string().regex(/^[\w][\w.-]*$/, 'the name of a file in the same folder')
const part = z.union([
  z.string(),
  z.strictObject({ part: z.string(), options: z.record(z.string(), z.unknown()) }),
  z.strictObject({ plugin: z.string() }),
])
const parts = z.array(part)

const schema = z.strictObject({
  format: z.literal('qkv-model'),
  version: z.literal(1),
  type: z.literal('transformer'),
  model: z.strictObject({
    sourceVocabularySize: size,
    targetVocabularySize: size,
    width: size,
    heads: size,
    encoderLayers: size,
    decoderLayers: size,
    innerWidth: size,
    feedForward: z.string(),
    dropout: rate,
    attentionDropout: rate,
    norm: z.enum(['pre', 'post']),
    finalNorm: z.boolean(),
    epsilon: z.number(),
    sharedEmbeddings: z.enum(['none', 'target-and-output', 'all']),
    outputBias: z.boolean(),
    maximumLength: size,
    attention: z.union([parts, z.strictObject({ encoder: parts, decoder: parts, cross: parts })]),
    paddingId: id,
    beginId: id,
    endId: id,
  }),
  tokenizers: z.strictObject({ source: fileName, target: fileName }),
  generation: z.strictObject({ beams: size, lengthPenalty: z.number(), maximumTokens: size }),
  quantization: z.strictObject({ bits: z.literal(8), blockSize: z.union([size, z.null()]) }).optional(),
})

/** Reads the text of a `config.json`. Throws a `RunError` when another program wrote it, or a field is wrong. */
export function parseModelDescription(text: string, path: string): ModelDescription {
  const fail = (argument: string, got: string, expected: string, fix: string): never => {
    throw new RunError({ operation: 'model', argument, got, expected, fix })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return fail(
      path,
      'is not JSON',
      'the config of a trained model',
      'It is damaged: copy the model folder again.',
    )
  }
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined
  if (format !== 'qkv-model') {
    const got = format === undefined ? 'names no format' : `has the format ${JSON.stringify(format)}`
    return fail(
      path,
      got,
      "the format 'qkv-model'",
      'Another program wrote it: name a folder that `qkv train` wrote.',
    )
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const { path: field, got, expected } = explainIssue(schema, value, result.error.issues[0]!)
  return fail(
    `${field} of ${path}`,
    got,
    expected,
    'It is damaged, or a newer qkv wrote it: update the package.',
  )
}
