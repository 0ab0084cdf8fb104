import { adamW, donate, geluTanh, layerNorm, matmul, softmax } from '@qkv/tensor'

const upload = (device, { data, shape }) => device.tensor(data, { shape })

/** Runs `compute`; the result lives until the next run, as what a caller would read. */
function repeated(device, compute, operands) {
  let result
  return {
    run() {
      result?.dispose()
      result = compute()
    },
    output: () => result.readSync(),
    dispose() {
      for (const tensor of [result, ...operands]) tensor?.dispose()
    },
  }
}

export function gemm(device, inputs) {
  const a = upload(device, inputs.get('a'))
  const b = upload(device, inputs.get('b'))
  return repeated(device, () => matmul(a, b), [a, b])
}

export function softmaxKernel(device, inputs) {
  const x = upload(device, inputs.get('x'))
  return repeated(device, () => softmax(x), [x])
}

export function layerNormKernel(device, inputs) {
  const [x, weight, bias] = ['x', 'weight', 'bias'].map((name) => upload(device, inputs.get(name)))
  return repeated(device, () => layerNorm(x, { weight, bias }), [x, weight, bias])
}

export function geluKernel(device, inputs) {
  const x = upload(device, inputs.get('x'))
  return repeated(device, () => geluTanh(x), [x])
}

export function adamWKernel(device, inputs) {
  const gradient = upload(device, inputs.get('gradient'))
  const zeros = () => device.tensor(new Float32Array(gradient.size), { shape: gradient.shape })
  let state = {
    parameter: upload(device, inputs.get('parameter')),
    firstMoment: zeros(),
    secondMoment: zeros(),
  }
  let step = 0
  return {
    run() {
      const { parameter, firstMoment, secondMoment } = state
      const donated = {
        parameter: donate(parameter),
        firstMoment: donate(firstMoment),
        secondMoment: donate(secondMoment),
      }
      ;[state] = adamW([{ ...donated, gradient }], { learningRate: 1e-3, step: ++step })
    },
    output: () => state.parameter.readSync(),
    dispose() {
      for (const tensor of [gradient, ...Object.values(state)]) tensor.dispose()
    },
  }
}
