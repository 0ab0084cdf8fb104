import { createGenerator, integerArray, normalArray } from './random-arrays.mjs'

/** A GPT-2 in small: pre-norm, learned positions, tanh GELU, the output tied to the embedding. */
export const gptSizes = {
  layers: 6,
  width: 256,
  heads: 8,
  innerWidth: 1024,
  vocabularySize: 1000,
  maximumLength: 128,
}
const prefillLength = 64
const { layers, width, innerWidth, vocabularySize, maximumLength } = gptSizes

/** Weights by the names, and in the layout, of GPT-2 at Hugging Face: matrices are `[in, out]`. */
function addWeights(inputs) {
  const generator = createGenerator(5)
  const matrix = (name, shape) => inputs.set(name, normalArray(generator, shape, { deviation: 0.02 }))
  // Neither zero nor one, so that a bias or scale that someone forgets shows.
  const scale = (name, size) => inputs.set(name, normalArray(generator, [size], { mean: 1, deviation: 0.1 }))
  const linear = (name, inputSize, outputSize) => {
    matrix(`${name}.weight`, [inputSize, outputSize])
    matrix(`${name}.bias`, [outputSize])
  }
  const norm = (name) => {
    scale(`${name}.weight`, width)
    matrix(`${name}.bias`, [width])
  }
  matrix('wte.weight', [vocabularySize, width])
  matrix('wpe.weight', [maximumLength, width])
  for (let layer = 0; layer < layers; layer++) {
    norm(`h.${layer}.ln_1`)
    linear(`h.${layer}.attn.c_attn`, width, 3 * width)
    linear(`h.${layer}.attn.c_proj`, width, width)
    norm(`h.${layer}.ln_2`)
    linear(`h.${layer}.mlp.c_fc`, width, innerWidth)
    linear(`h.${layer}.mlp.c_proj`, innerWidth, width)
  }
  norm('ln_f')
}

function createInputs(batch, length) {
  const generator = createGenerator(6)
  const inputs = new Map([
    ['tokens', integerArray(generator, [batch, length], vocabularySize)],
    ['targets', integerArray(generator, [batch, length], vocabularySize)],
  ])
  addWeights(inputs)
  return inputs
}

/** Of the matrix products of one forward pass: twelve width² per layer and token, scores, and the output. */
const operationsPerToken = (keys) =>
  layers * (2 * 12 * width * width + 4 * keys * width) + 2 * vocabularySize * width

const batch = 8
const length = maximumLength

/** @type {readonly import('../source/contract.d.ts').Workload[]} */
export const gpt = [
  // Logits of all positions, read back: [batch, length, vocabulary].
  {
    name: 'gpt-forward',
    kind: 'gpt-forward',
    settings: { ...gptSizes, batch, length },
    createInputs: () => createInputs(batch, length),
    unitsPerRun: 1,
    unit: 'pass',
    operations: batch * length * operationsPerToken(length / 2),
    checkedRuns: 1,
    tolerance: 1e-4,
  },
  // Forward, backward and AdamW; each run reads its loss. The losses of three steps on one batch are compared, so that
  // gradients and updates that are wrong show.
  {
    name: 'gpt-training-step',
    kind: 'gpt-training-step',
    settings: { ...gptSizes, batch, length },
    createInputs: () => createInputs(batch, length),
    unitsPerRun: 1,
    unit: 'step',
    operations: 3 * batch * length * operationsPerToken(length / 2),
    checkedRuns: 3,
    tolerance: 1e-4,
  },
  // One token at a time with cached keys and values of 64 to 127 earlier ones; the logits of each are read back.
  {
    name: 'gpt-decode',
    kind: 'gpt-decode',
    settings: { ...gptSizes, batch: 1, length, prefillLength },
    createInputs: () => createInputs(1, length),
    unitsPerRun: length - prefillLength,
    unit: 'token',
    operations: operationsPerToken((prefillLength + length) / 2),
    checkedRuns: 1,
    tolerance: 1e-4,
  },
]
