import { packageVersion } from '../package-version.mjs'
import { gptForward, gptTrainingStep } from './gpt.mjs'
import { adamWKernel, gemm, geluKernel, layerNormKernel, softmaxKernel } from './kernels.mjs'

// What the library expects, and Node has from versions 21 and 22 on.
globalThis.navigator ??= { userAgent: 'Node.js', hardwareConcurrency: 1 }
const iterators = Object.getPrototypeOf(Object.getPrototypeOf([].values()))
iterators.map ??= function* map(change) {
  for (const value of this) yield change(value)
}
iterators.filter ??= function* filter(keeps) {
  for (const value of this) if (keeps(value)) yield value
}

/**
 * jax-js on its WebAssembly backend, with `jit`. Its threads are Web Workers, which Node does not have.
 * @returns {Promise<import('../../source/contract.d.ts').Contender>}
 */
export async function open() {
  const { defaultDevice, init } = await import('@jax-js/jax')
  const devices = await init('wasm')
  if (!devices.includes('wasm')) throw new Error(`offers ${devices.join(', ')}, and not wasm`)
  defaultDevice('wasm')
  return {
    version: packageVersion('@jax-js/jax'),
    detail: 'WebAssembly SIMD, threads: 1',
    implementations: {
      gemm,
      softmax: softmaxKernel,
      'layer-norm': layerNormKernel,
      gelu: geluKernel,
      'adam-w': adamWKernel,
      'gpt-forward': gptForward,
      'gpt-training-step': gptTrainingStep,
    },
    reasons: { 'gpt-decode': 'compiles anew for each length of the cache' },
  }
}
