import { createGenerator, integerArray, normalArray } from './random-arrays.mjs'

/** The model of the translation demo: pre-norm, rotary positions, ReLU, the output tied to the target embedding. */
export const translationSizes = {
  encoderLayers: 3,
  decoderLayers: 3,
  width: 256,
  heads: 4,
  innerWidth: 1024,
  sourceVocabularySize: 2400,
  targetVocabularySize: 4000,
}
const { encoderLayers, decoderLayers, width, innerWidth, sourceVocabularySize, targetVocabularySize } =
  translationSizes

/** Weights by the paths of qkv's own model; matrices are `[out, in]`. */
function addWeights(inputs) {
  const generator = createGenerator(7)
  const matrix = (name, shape, deviation) => inputs.set(name, normalArray(generator, shape, { deviation }))
  // Neither zero nor one, so that a bias or scale that someone forgets shows.
  const linear = (name, inputSize, outputSize) => {
    matrix(`${name}.weight`, [outputSize, inputSize], inputSize ** -0.5)
    matrix(`${name}.bias`, [outputSize], 0.02)
  }
  const norm = (name) => {
    inputs.set(`${name}.weight`, normalArray(generator, [width], { mean: 1, deviation: 0.1 }))
    matrix(`${name}.bias`, [width], 0.02)
  }
  const attention = (name) => {
    for (const role of ['query', 'key', 'value', 'output']) linear(`${name}.${role}`, width, width)
    norm(`${name}Sublayer.norm`)
  }
  const layer = (name, attentions) => {
    for (const kind of attentions) attention(`${name}.${kind}`)
    linear(`${name}.feedForward.up`, width, innerWidth)
    linear(`${name}.feedForward.down`, innerWidth, width)
    norm(`${name}.feedForwardSublayer.norm`)
  }
  matrix('sourceEmbedding.table', [sourceVocabularySize, width], width ** -0.5)
  matrix('targetEmbedding.table', [targetVocabularySize, width], width ** -0.5)
  for (let index = 0; index < encoderLayers; index++) layer(`encoder.layers.${index}`, ['selfAttention'])
  norm('encoder.norm')
  for (let index = 0; index < decoderLayers; index++)
    layer(`decoder.layers.${index}`, ['selfAttention', 'crossAttention'])
  norm('decoder.norm')
}

/** Ids from 3 on: those below are padding, begin and end. */
function tokens(generator, shape, vocabularySize) {
  const { data, ...array } = integerArray(generator, shape, vocabularySize - 3)
  return { ...array, data: data.map((id) => id + 3) }
}

function createInputs(batch, source, target) {
  const generator = createGenerator(8)
  const inputs = new Map([
    ['source', tokens(generator, [batch, source], sourceVocabularySize)],
    ['target', tokens(generator, [batch, target], targetVocabularySize)],
    ['next', tokens(generator, [batch, target], targetVocabularySize)],
  ])
  addWeights(inputs)
  return inputs
}

/** Of the matrix products of a forward pass, per sequence. */
function operationsOf(source, target) {
  const scores = (queries, keys) => 4 * queries * keys * width
  const encoder = source * (8 * width ** 2 + 4 * width * innerWidth) + scores(source, source)
  const decoder =
    target * (12 * width ** 2 + 4 * width * innerWidth) +
    4 * source * width ** 2 +
    scores(target, target) / 2 +
    scores(target, source)
  return encoderLayers * encoder + decoderLayers * decoder + 2 * target * targetVocabularySize * width
}

const batch = 128
const source = 12
const target = 13

/** @type {readonly import('../source/contract.d.ts').Workload[]} */
export const translation = [
  // Forward, backward and AdamW on a batch of short sentences, without dropout; times are per target token.
  {
    name: 'translation-training-step',
    kind: 'translation-training-step',
    settings: { ...translationSizes, batch, source, target },
    createInputs: () => createInputs(batch, source, target),
    unitsPerRun: batch * target,
    unit: 'target token',
    operations: (3 * operationsOf(source, target)) / target,
    checkedRuns: 3,
    tolerance: 1e-4,
  },
  // One sentence: encoded, then written token by token with cached keys and values; the logits of each are read back.
  {
    name: 'translation-decode',
    kind: 'translation-decode',
    settings: { ...translationSizes, batch: 1, source, target },
    createInputs: () => createInputs(1, source, target),
    unitsPerRun: target,
    unit: 'token',
    operations: operationsOf(source, target) / target,
    checkedRuns: 1,
    tolerance: 1e-4,
  },
]
