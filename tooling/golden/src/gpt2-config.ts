import type { Gpt2Config } from '@qkv/model-zoo'
import type { CaseCall } from './case-call.ts'

/** The model that a case is about, from Hugging Face's names; nothing is dropped, and no token ends a sequence. */
export function gpt2ConfigOf(call: CaseCall): Gpt2Config {
  return {
    vocabularySize: call.number('vocab'),
    maximumLength: call.number('n_positions'),
    width: call.number('n_embd'),
    heads: call.number('n_head'),
    layers: call.number('n_layer'),
    epsilon: call.optionalNumber('eps') ?? 1e-5,
    dropout: 0,
    attentionDropout: 0,
    endId: 0,
  }
}
