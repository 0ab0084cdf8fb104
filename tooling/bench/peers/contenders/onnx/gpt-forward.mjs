import { addLayers, addOutput, constantsOf } from './gpt-layers.mjs'
import { ModelBuilder } from './model-builder.mjs'

/** Logits `[batch, length, vocabulary]` of int32 tokens `[batch, length]`. */
function buildModel(inputs, settings) {
  const { batch, length, heads, vocabularySize } = settings
  const builder = new ModelBuilder()
  const constant = constantsOf(builder, inputs)
  const tokens = builder.input('tokens', 'int32', [batch, length])
  const hidden = addLayers(
    builder,
    constant,
    settings,
    tokens,
    constant('wpe.weight'),
    (layer, normalized) => {
      const name = `h.${layer}.attn.c_attn`
      const operands = [normalized, constant(`${name}.weight`), constant(`${name}.bias`)]
      return builder.node('com.microsoft:Attention', operands, { num_heads: heads, unidirectional: 1 })[0]
    },
  )
  addOutput(builder, inputs, hidden)
  builder.output('logits', 'float32', [batch, length, vocabularySize])
  return builder.encode()
}

export async function gptForward({ onnx, create }, inputs, settings) {
  const session = await create(buildModel(inputs, settings))
  const { data, shape } = inputs.get('tokens')
  const feeds = { tokens: new onnx.Tensor('int32', data, shape) }
  let logits
  return {
    async run() {
      logits = (await session.run(feeds)).logits.data
    },
    output: () => logits,
    dispose: () => session.release(),
  }
}
