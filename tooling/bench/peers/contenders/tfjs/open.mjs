import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { packageVersion } from '../package-version.mjs'
import { gptDecode } from './gpt-decode.mjs'
import { gptForward, gptTrainingStep } from './gpt.mjs'
import { adamWKernel, gemm, geluKernel, layerNormKernel, softmaxKernel } from './kernels.mjs'
import { tf } from './tf.mjs'

const require = createRequire(import.meta.url)

const implementations = {
  gemm,
  softmax: softmaxKernel,
  'layer-norm': layerNormKernel,
  gelu: geluKernel,
  'adam-w': adamWKernel,
  'gpt-forward': gptForward,
  'gpt-training-step': gptTrainingStep('library'),
  'gpt-decode': gptDecode,
}

/**
 * TensorFlow.js on its WebAssembly or its plain JavaScript backend, on one thread. With `ownGradients` the model brings gradients
 * of matrix products that suit the WebAssembly backend, which the library does not have: only training differs.
 * @param {{ backend: 'wasm' | 'cpu', ownGradients?: boolean }} options
 * @returns {Promise<import('../../source/contract.d.ts').Contender>}
 */
export async function open({ backend, ownGradients = false }) {
  const detail = await { wasm: useWasm, cpu: useCpu }[backend]()
  const version = packageVersion(`@tensorflow/tfjs-backend-${backend}`)
  if (!ownGradients) return { version, detail, implementations, reasons: {} }
  return {
    version,
    detail: `${detail}, gradients of products written for this benchmark`,
    implementations: { 'gpt-training-step': gptTrainingStep('transposing') },
    reasons: Object.fromEntries(
      Object.keys(implementations)
        .filter((kind) => kind !== 'gpt-training-step')
        .map((kind) => [kind, 'the same as without gradients of its own']),
    ),
  }
}

async function useWasm() {
  const { setThreadsCount, setWasmPaths } = require('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`)
  setThreadsCount(1)
  await use('wasm')
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) throw new Error('runs without SIMD here')
  return 'WebAssembly SIMD, threads: 1'
}

async function useCpu() {
  await use('cpu')
  return 'JavaScript, threads: 1'
}

async function use(name) {
  if (!(await tf.setBackend(name))) throw new Error(`the backend '${name}' does not start`)
  await tf.ready()
}
