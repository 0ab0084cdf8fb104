import { addLayers, addOutput, constantsOf } from './gpt-layers.mjs'
import { ModelBuilder } from './model-builder.mjs'

/**
 * One token with the keys and values before it: `past_N` is `[2, 1, heads, past, headSize]`, keys and then values, and
 * `present_N` the same with one more.
 */
function buildModel(inputs, settings) {
  const { layers, width, heads, vocabularySize } = settings
  const headSize = width / heads
  const builder = new ModelBuilder()
  const constant = constantsOf(builder, inputs)
  const tokens = builder.input('tokens', 'int32', [1, 'length'])
  const position = builder.input('positions', 'int32', [1, 'length'])
  const [positions] = builder.node('Gather', [constant('wpe.weight'), position])
  for (let layer = 0; layer < layers; layer++)
    builder.input(`past_${layer}`, 'float32', [2, 1, heads, 'past', headSize])
  const hidden = addLayers(builder, constant, settings, tokens, positions, (layer, normalized) => {
    const name = `h.${layer}.attn.c_attn`
    const operands = [normalized, constant(`${name}.weight`), constant(`${name}.bias`), '', `past_${layer}`]
    const outputs = [`attended_${layer}`, `present_${layer}`]
    builder.node('com.microsoft:Attention', operands, { outputs, num_heads: heads, unidirectional: 1 })
    return outputs[0]
  })
  addOutput(builder, inputs, hidden)
  builder.output('logits', 'float32', [1, 'length', vocabularySize])
  for (let layer = 0; layer < layers; layer++)
    builder.output(`present_${layer}`, 'float32', [2, 1, heads, 'present', headSize])
  return builder.encode()
}

export async function gptDecode({ onnx, create }, inputs, settings) {
  const { layers, width, heads, prefillLength, length, vocabularySize } = settings
  const session = await create(buildModel(inputs, settings))
  const ids = inputs.get('tokens').data
  const output = new Float32Array((length - prefillLength) * vocabularySize)
  const layerIndices = Array.from({ length: layers }, (_, layer) => layer)
  let caches = {}

  async function advance(start, end) {
    const count = end - start
    const positions = Int32Array.from({ length: count }, (_, index) => start + index)
    const result = await session.run({
      tokens: new onnx.Tensor('int32', ids.slice(start, end), [1, count]),
      positions: new onnx.Tensor('int32', positions, [1, count]),
      ...caches,
    })
    caches = Object.fromEntries(layerIndices.map((layer) => [`past_${layer}`, result[`present_${layer}`]]))
    return result.logits.data
  }

  return {
    async reset() {
      const none = [2, 1, heads, 0, width / heads]
      caches = Object.fromEntries(
        layerIndices.map((layer) => [`past_${layer}`, new onnx.Tensor('float32', new Float32Array(0), none)]),
      )
      await advance(0, prefillLength)
    },
    async run() {
      for (let position = prefillLength; position < length; position++)
        output.set(await advance(position, position + 1), (position - prefillLength) * vocabularySize)
    },
    output: () => output,
    dispose: () => session.release(),
  }
}
