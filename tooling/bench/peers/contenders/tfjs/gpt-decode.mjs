import { gelu, layerNorm, products } from './layers.mjs'
import { tf, upload } from './tf.mjs'

const { linear } = products.library

/** One token at a time; keys and values `[heads, length, headSize]` grow by concatenation. */
export function gptDecode(inputs, settings) {
  const { layers, width, heads, prefillLength, length, vocabularySize } = settings
  const headSize = width / heads
  const weights = new Map([...inputs].map(([name, array]) => [name, upload(array)]))
  const ids = inputs.get('tokens').data
  const table = weights.get('wte.weight')
  const outputWeight = tf.transpose(table)
  const output = new Float32Array((length - prefillLength) * vocabularySize)
  let caches = []

  /** Logits after the token at `position`; what grows replaces the caches. */
  function advance(position) {
    const token = tf.slice(table, [ids[position], 0], [1, width])
    let x = tf.add(token, tf.slice(weights.get('wpe.weight'), [position, 0], [1, width]))
    const grown = []
    for (let layer = 0; layer < layers; layer++) {
      const weight = (name) => weights.get(`h.${layer}.${name}`)
      const project = (name, value) => linear(value, weight(`${name}.weight`), weight(`${name}.bias`))
      const norm = (name) => layerNorm(x, weight(`${name}.weight`), weight(`${name}.bias`))

      const packed = tf.reshape(project('attn.c_attn', norm('ln_1')), [3, heads, 1, headSize])
      const [query, newKey, newValue] = tf.unstack(packed)
      const cache = caches[layer]
      const key = cache ? tf.concat([cache.key, newKey], 1) : newKey
      const value = cache ? tf.concat([cache.value, newValue], 1) : newValue
      grown.push({ key, value })
      const scores = tf.matMul(tf.mul(query, 1 / Math.sqrt(headSize)), key, false, true)
      const mixed = tf.matMul(tf.softmax(scores), value)
      x = tf.add(x, project('attn.c_proj', tf.reshape(mixed, [1, width])))
      x = tf.add(x, project('mlp.c_proj', gelu(project('mlp.c_fc', norm('ln_2')))))
    }
    const hidden = layerNorm(x, weights.get('ln_f.weight'), weights.get('ln_f.bias'))
    return { logits: tf.matMul(hidden, outputWeight), caches: grown }
  }

  function step(position) {
    const next = tf.tidy(() => advance(position))
    tf.dispose(caches)
    caches = next.caches
    const logits = next.logits.dataSync()
    next.logits.dispose()
    return logits
  }

  return {
    reset() {
      tf.dispose(caches)
      caches = []
      for (let position = 0; position < prefillLength; position++) step(position)
    },
    run() {
      for (let position = prefillLength; position < length; position++)
        output.set(step(position), (position - prefillLength) * vocabularySize)
    },
    output: () => output,
  }
}
