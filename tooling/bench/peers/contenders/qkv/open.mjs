import { createCpuBackend } from '@qkv/backend-cpu'
import { Device } from '@qkv/tensor'
import { gptDecode, gptForward, gptTrainingStep } from './gpt.mjs'
import { adamWKernel, gemm, geluKernel, layerNormKernel, softmaxKernel } from './kernels.mjs'
import { translationDecode, translationTrainingStep } from './translation.mjs'

/**
 * qkv as its users have it: the built packages, and nothing but their public exports.
 * @returns {Promise<import('../../source/contract.d.ts').Contender>}
 */
export async function open({ threads }) {
  const backend = createCpuBackend({ threads })
  // Threads start in the background; what is measured here is the whole team.
  await backend.ready()
  const { description } = backend
  if (description.threads !== threads) {
    throw new Error(
      `${threads} threads were asked for, ${description.threads} work: ${description.reasons.join(' ')}`,
    )
  }
  const device = new Device(backend)
  const on = (implementation) => (inputs, settings) => implementation(device, inputs, settings)
  return {
    version: 'built from this checkout',
    detail: `WebAssembly ${description.simd}, threads: ${threads}`,
    implementations: {
      gemm: on(gemm),
      softmax: on(softmaxKernel),
      'layer-norm': on(layerNormKernel),
      gelu: on(geluKernel),
      'adam-w': on(adamWKernel),
      'gpt-forward': on(gptForward),
      'gpt-training-step': on(gptTrainingStep),
      'gpt-decode': on(gptDecode),
      'translation-training-step': on(translationTrainingStep),
      'translation-decode': on(translationDecode),
    },
    reasons: {},
  }
}
