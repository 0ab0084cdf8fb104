import { AdamW, gelu, layerNorm, products } from './layers.mjs'
import { tf, upload } from './tf.mjs'

/** Added to the scores of keys that a query must not see: those behind it. */
const createMask = (length) => tf.mul(tf.sub(1, tf.linalg.bandPart(tf.ones([length, length]), -1, 0)), -1e9)

/** Hidden state `[tokens, width]` after all layers and the last norm. */
function transform(weights, embedded, mask, linear, settings) {
  const { layers, width, heads, batch, length } = settings
  const headSize = width / heads
  // Axes [batch, length, heads, headSize] in another order. Four axes: transposing five is many times slower.
  const ordered = (x, order) => tf.transpose(tf.reshape(x, [batch, length, heads, headSize]), order)
  let x = embedded
  for (let layer = 0; layer < layers; layer++) {
    const weight = (name) => weights.get(`h.${layer}.${name}`)
    const project = (name, value) => linear(value, weight(`${name}.weight`), weight(`${name}.bias`))
    const norm = (name) => layerNorm(x, weight(`${name}.weight`), weight(`${name}.bias`))

    const [query, key, value] = tf.split(project('attn.c_attn', norm('ln_1')), 3, 1)
    // Scaling the query is less work than scaling the scores. The key is transposed here, not by `matMul`, which has no fast kernel for that.
    const scaled = tf.mul(query, 1 / Math.sqrt(headSize))
    const scores = tf.matMul(ordered(scaled, [0, 2, 1, 3]), ordered(key, [0, 2, 3, 1]))
    const mixed = tf.matMul(tf.softmax(tf.add(scores, mask)), ordered(value, [0, 2, 1, 3]))
    const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch * length, width])
    x = tf.add(x, project('attn.c_proj', joined))
    x = tf.add(x, project('mlp.c_proj', gelu(project('mlp.c_fc', norm('ln_2')))))
  }
  return layerNorm(x, weights.get('ln_f.weight'), weights.get('ln_f.bias'))
}

/** Adds positions `[length, width]` to `[batch * length, width]`. */
function addPositions(weights, embedded, { batch, length, width }) {
  const positions = tf.slice(weights.get('wpe.weight'), [0, 0], [length, width])
  return tf.reshape(tf.add(tf.reshape(embedded, [batch, length, width]), positions), [batch * length, width])
}

const weightsOf = (inputs, create) =>
  new Map(
    [...inputs]
      .filter(([name]) => name !== 'tokens' && name !== 'targets')
      .map(([name, array]) => [name, create(name, array)]),
  )

export function gptForward(inputs, settings) {
  const weights = weightsOf(inputs, (_, array) => upload(array))
  const table = weights.get('wte.weight')
  const output = tf.transpose(table)
  const mask = createMask(settings.length)
  const tokens = tf.reshape(upload(inputs.get('tokens')), [-1])
  let logits
  return {
    run() {
      // The numbers are not returned from `tidy`, which would look for tensors among them, one by one.
      tf.tidy(() => {
        const embedded = addPositions(weights, tf.gather(table, tokens), settings)
        const hidden = transform(weights, embedded, mask, products.library.linear, settings)
        logits = tf.matMul(hidden, output).dataSync()
      })
    },
    output: () => logits,
  }
}

/** @param {'library' | 'transposing'} gradients how products of matrices are differentiated */
export const gptTrainingStep = (gradients) => (inputs, settings) => {
  const { matMul, linear } = products[gradients]
  const { vocabularySize } = settings
  const weights = weightsOf(inputs, (name, array) => tf.variable(upload(array), true, name))
  // The WebAssembly backend has no gradient of `gather`: rows are picked by a product with ones and zeros instead.
  const chosen = (name) =>
    tf.cast(tf.oneHot(tf.reshape(upload(inputs.get(name)), [-1]), vocabularySize), 'float32')
  const tokens = chosen('tokens')
  const targets = chosen('targets')
  const mask = createMask(settings.length)
  const variables = [...weights.values()]
  const optimizer = new AdamW(variables, 1e-3)
  const losses = []
  return {
    run() {
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => {
          const table = weights.get('wte.weight')
          const embedded = addPositions(weights, matMul(tokens, table), settings)
          const logits = matMul(transform(weights, embedded, mask, linear, settings), tf.transpose(table))
          return tf.losses.softmaxCrossEntropy(targets, logits)
        }, variables)
        optimizer.apply(grads)
        losses.push(value.dataSync()[0])
      })
    },
    output: () => losses,
  }
}
