const epsilon = { float: 1e-5 }

/**
 * The layers of the model, with the fused operators that the runtime's optimizer for transformers makes: they take and give
 * `[batch, length, width]`. `attend` adds the attention of a layer, from its normalised input to the joined heads.
 * @param {import('./model-builder.mjs').ModelBuilder} builder
 */
export function addLayers(builder, constant, { layers }, tokens, positions, attend) {
  const node = (...call) => builder.node(...call)[0]
  const scales = (name) => [constant(`${name}.weight`), constant(`${name}.bias`)]
  const embedded = node('Gather', [constant('wte.weight'), tokens])
  let x = node('Add', [embedded, positions])
  let normalized = node('LayerNormalization', [x, ...scales('h.0.ln_1')], { axis: -1, epsilon })

  /** Adds to the residual stream with a bias, and normalises for what comes next. */
  const addAndNormalize = (name, change, bias, norm) => {
    const outputs = [`${name}_normalized`, '', '', `${name}_sum`]
    const inputs = [x, change, ...scales(norm), constant(bias)]
    builder.node('com.microsoft:SkipLayerNormalization', inputs, { outputs, epsilon })
    x = `${name}_sum`
    normalized = `${name}_normalized`
  }

  for (let layer = 0; layer < layers; layer++) {
    const prefix = `h.${layer}`
    const attended = attend(layer, normalized)
    const mixed = node('MatMul', [attended, constant(`${prefix}.attn.c_proj.weight`)])
    addAndNormalize(`attention_${layer}`, mixed, `${prefix}.attn.c_proj.bias`, `${prefix}.ln_2`)
    const inner = node('MatMul', [normalized, constant(`${prefix}.mlp.c_fc.weight`)])
    const active = node('com.microsoft:FastGelu', [inner, constant(`${prefix}.mlp.c_fc.bias`)])
    const outer = node('MatMul', [active, constant(`${prefix}.mlp.c_proj.weight`)])
    const nextNorm = layer + 1 < layers ? `h.${layer + 1}.ln_1` : 'ln_f'
    addAndNormalize(`feed_forward_${layer}`, outer, `${prefix}.mlp.c_proj.bias`, nextNorm)
  }
  return normalized
}

/** The output is tied to the embedding; its transpose is an initializer, so that the runtime packs it. */
export function addOutput(builder, inputs, hidden) {
  const { data, shape } = inputs.get('wte.weight')
  const [rows, columns] = shape
  const transposed = new Float32Array(data.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      transposed[column * rows + row] = data[row * columns + column]
  }
  const weight = { dtype: 'float32', shape: [columns, rows], data: transposed }
  builder.node('MatMul', [hidden, builder.constant('output', weight)], { outputs: ['logits'] })
}

/** Puts a weight into the model when it is first asked for. */
export function constantsOf(builder, inputs) {
  const known = new Set()
  return (name) => {
    if (known.has(name)) return name
    known.add(name)
    return builder.constant(name, inputs.get(name))
  }
}
