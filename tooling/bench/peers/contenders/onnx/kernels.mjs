import { ModelBuilder } from './model-builder.mjs'

/** A model of one operator from the array `fed` to `y`. */
async function single({ onnx, create }, inputs, fed, build) {
  const builder = new ModelBuilder()
  const { data, shape } = inputs.get(fed)
  builder.input(fed, 'float32', shape)
  const outputShape = build(builder)
  builder.output('y', 'float32', outputShape)
  const session = await create(builder.encode())
  const feeds = { [fed]: new onnx.Tensor('float32', data, shape) }
  let result
  return {
    async run() {
      result = await session.run(feeds)
    },
    output: () => result.y.data,
    dispose: () => session.release(),
  }
}

/** The weight is an initializer, which the runtime packs once. */
export const gemm = (runtime, inputs, { rows, columns }) =>
  single(runtime, inputs, 'a', (builder) => {
    builder.node('MatMul', ['a', builder.constant('b', inputs.get('b'))], { outputs: ['y'] })
    return [rows, columns]
  })

export const softmaxKernel = (runtime, inputs, { rows, columns }) =>
  single(runtime, inputs, 'x', (builder) => {
    builder.node('Softmax', ['x'], { outputs: ['y'], axis: -1 })
    return [rows, columns]
  })

export const layerNormKernel = (runtime, inputs, { rows, columns }) =>
  single(runtime, inputs, 'x', (builder) => {
    const scales = ['weight', 'bias'].map((name) => builder.constant(name, inputs.get(name)))
    builder.node('LayerNormalization', ['x', ...scales], {
      outputs: ['y'],
      axis: -1,
      epsilon: { float: 1e-5 },
    })
    return [rows, columns]
  })

export const geluKernel = (runtime, inputs, { rows, columns }) =>
  single(runtime, inputs, 'x', (builder) => {
    builder.node('Gelu', ['x'], { outputs: ['y'], approximate: 'tanh' })
    return [rows, columns]
  })
