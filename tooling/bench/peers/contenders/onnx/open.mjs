import { createRequire } from 'node:module'
import { packageVersion } from '../package-version.mjs'
import { gptDecode } from './gpt-decode.mjs'
import { gptForward } from './gpt-forward.mjs'
import { gemm, geluKernel, layerNormKernel, softmaxKernel } from './kernels.mjs'

const require = createRequire(import.meta.url)
const inference = 'runs models, and does not train them'

const runtimes = {
  'onnxruntime-web': {
    detail: 'WebAssembly SIMD, threads: 1',
    settings: { executionProviders: ['wasm'] },
  },
  'onnxruntime-node': {
    detail: 'native, threads: 1',
    settings: { executionProviders: ['cpu'], intraOpNumThreads: 1, interOpNumThreads: 1 },
  },
}

/**
 * ONNX Runtime, native or in WebAssembly, on one thread.
 * @returns {Promise<import('../../source/contract.d.ts').Contender>}
 */
export async function open({ runtime }) {
  const onnx = require(runtime)
  const { detail, settings } = runtimes[runtime]
  if (runtime === 'onnxruntime-web') onnx.env.wasm.numThreads = 1
  const create = (model) =>
    onnx.InferenceSession.create(model, { ...settings, graphOptimizationLevel: 'all', logSeverityLevel: 3 })
  const on = (implementation) => (inputs, sizes) => implementation({ onnx, create }, inputs, sizes)
  return {
    version: packageVersion(runtime),
    detail,
    implementations: {
      gemm: on(gemm),
      softmax: on(softmaxKernel),
      'layer-norm': on(layerNormKernel),
      gelu: on(geluKernel),
      'gpt-forward': on(gptForward),
      'gpt-decode': on(gptDecode),
    },
    reasons: { 'adam-w': inference, 'gpt-training-step': inference },
  }
}
