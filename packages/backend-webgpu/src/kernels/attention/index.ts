import type { AttentionAttrs, AttentionBackwardAttrs } from '@qkv/tensor'
import type { KernelTable } from '../../kernel.ts'
import { attentionBackward, backwardBuffers } from './backward.ts'
import { attention, forwardBuffers } from './forward.ts'
import { fitsLimits } from './plan.ts'

/** Calls with more masks and tensors than this GPU binds at once are decomposed. */
export const attentionKernels: KernelTable = {
  'qkv/attention': {
    run: attention,
    readsStrides: true,
    supports: (_, attrs, limits) => fitsLimits(forwardBuffers, attrs as AttentionAttrs, limits, true),
  },
  'qkv/attentionBackward': {
    run: attentionBackward,
    readsStrides: true,
    supports(_, attrs, limits) {
      const { needsBias, hasSinks } = attrs as AttentionBackwardAttrs
      const own = backwardBuffers + Number(needsBias) + Number(hasSinks)
      return fitsLimits(own, attrs as AttentionAttrs, limits, !needsBias)
    },
  },
}
