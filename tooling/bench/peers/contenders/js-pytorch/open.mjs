import { torch } from 'js-pytorch'
import { packageVersion } from '../package-version.mjs'
import { gptForward } from './gpt.mjs'
import { gelu, layerNorm } from './layers.mjs'
import { upload } from './upload.mjs'

const softmax = new torch.nn.Softmax()

/** Runs `compute` on the uploaded arrays; tensors of this library hold nested arrays. */
const repeated = (names, compute) => (inputs) => {
  const operands = names.map((name) => upload(inputs.get(name)))
  let result
  return {
    run() {
      result = compute(...operands)
    },
    output: () => Float32Array.from(result.data.flat(Infinity)),
  }
}

/** @returns {Promise<import('../../source/contract.d.ts').Contender>} */
export async function open() {
  return {
    version: packageVersion('js-pytorch'),
    detail: 'JavaScript, threads: 1',
    implementations: {
      gemm: repeated(['a', 'b'], (a, b) => torch.matmul(a, b)),
      softmax: repeated(['x'], (x) => softmax.forward(x, -1)),
      'layer-norm': repeated(['x', 'weight', 'bias'], layerNorm),
      gelu: repeated(['x'], gelu),
      'gpt-forward': gptForward,
    },
    reasons: {
      'adam-w': 'its Adam has no bias correction',
      'gpt-training-step':
        'its Adam has no bias correction, and the backward pass of one layer takes about 20 s',
      'gpt-decode': 'has no function that joins tensors, which a cache needs',
    },
  }
}
