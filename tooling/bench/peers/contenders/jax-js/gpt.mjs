import { jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax'
import { applyAdamW } from './adam-w.mjs'
import { upload } from './kernels.mjs'
import { layerNorm } from './layers.mjs'

const weightsOf = (inputs) =>
  Object.fromEntries(
    [...inputs]
      .filter(([name]) => name !== 'tokens' && name !== 'targets')
      .map(([name, array]) => [name, upload(array)]),
  )

/** Each token as a row of zeros and a one: its product with a table picks rows, and has a fast gradient. */
function oneHot({ data, shape }, classes) {
  const rows = new Float32Array(data.length * classes)
  data.forEach((id, index) => {
    rows[index * classes + id] = 1
  })
  return np.array(rows, { shape: [...shape, classes] })
}

/** Logits `[batch, length, vocabulary]`. Consumes `tokens`, and takes references of the weights. */
function logitsOf(weights, tokens, { layers, width, heads, batch, length }) {
  const project = (name, x) => np.matmul(x, weights[`${name}.weight`].ref).add(weights[`${name}.bias`].ref)
  const norm = (name, x) => layerNorm(x, weights[`${name}.weight`].ref, weights[`${name}.bias`].ref)
  let x = np.matmul(tokens, weights['wte.weight'].ref).add(weights['wpe.weight'].ref)
  for (let layer = 0; layer < layers; layer++) {
    const name = `h.${layer}`
    const packed = project(`${name}.attn.c_attn`, norm(`${name}.ln_1`, x.ref))
    const split = np.split(packed, 3, -1).map((part) => part.reshape([batch, length, heads, width / heads]))
    const mixed = nn.dotProductAttention(...split, { isCausal: true }).reshape([batch, length, width])
    x = x.add(project(`${name}.attn.c_proj`, mixed))
    const inner = project(`${name}.mlp.c_fc`, norm(`${name}.ln_2`, x.ref))
    x = x.add(project(`${name}.mlp.c_proj`, nn.gelu(inner, { approximate: true })))
  }
  return np.matmul(norm('ln_f', x), np.transpose(weights['wte.weight'].ref))
}

export function gptForward(inputs, settings) {
  const weights = weightsOf(inputs)
  const tokens = oneHot(inputs.get('tokens'), settings.vocabularySize)
  const forward = jit((weights, tokens) => {
    const logits = logitsOf(weights, tokens, settings)
    tree.dispose(weights)
    return logits
  })
  let logits
  return {
    async run() {
      logits = await forward(tree.ref(weights), tokens.ref).data()
    },
    output: () => logits,
  }
}

export function gptTrainingStep(inputs, settings) {
  const { vocabularySize, batch, length } = settings
  let weights = weightsOf(inputs)
  const zeros = () => tree.map((weight) => np.zeros(weight.shape), weights)
  let moments = [zeros(), zeros()]
  const tokens = oneHot(inputs.get('tokens'), vocabularySize)
  const targets = oneHot(inputs.get('targets'), vocabularySize)

  const lossOf = (weights, tokens, targets) => {
    const scores = nn.logSoftmax(logitsOf(weights, tokens, settings), -1)
    tree.dispose(weights)
    return np.sum(scores.mul(targets)).mul(-1 / (batch * length))
  }
  const trainingStep = jit((weights, [first, second], tokens, targets, corrections) => {
    const [loss, gradients] = valueAndGrad(lossOf)(tree.ref(weights), tokens, targets)
    const results = Object.fromEntries(
      Object.keys(weights).map((name) => [
        name,
        applyAdamW(
          weights[name],
          gradients[name],
          first[name],
          second[name],
          ...corrections.map(({ ref }) => ref),
        ),
      ]),
    )
    tree.dispose(corrections)
    const pick = (index) =>
      Object.fromEntries(Object.entries(results).map(([name, state]) => [name, state[index]]))
    return [loss, pick(0), pick(1), pick(2)]
  })

  const losses = []
  return {
    async run() {
      const step = losses.length + 1
      const corrections = [np.array(1 - 0.9 ** step), np.array(1 - 0.999 ** step)]
      const [loss, ...state] = trainingStep(weights, moments, tokens.ref, targets.ref, corrections)
      weights = state[0]
      moments = state.slice(1)
      losses.push((await loss.data())[0])
    },
    output: () => losses,
  }
}
