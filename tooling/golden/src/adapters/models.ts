import {
  BertForPretraining,
  fromHuggingFaceBert,
  fromHuggingFaceGpt2,
  fromTimmVit,
  Gpt2,
  Vit,
} from '@qkv/model-zoo'
import type { Initialization } from '@qkv/nn'
import { crossEntropy, RandomStream, slice } from '@qkv/tensor'
import type { GroupAdapter } from '../adapter.ts'
import type { CaseCall } from '../case-call.ts'
import { checkModule, type ModuleUnderTest } from '../check-module.ts'
import { gpt2ConfigOf } from '../gpt2-config.ts'

const creators: Readonly<Record<string, (call: CaseCall) => ModuleUnderTest>> = { bert, gpt2, vit }

export const models: GroupAdapter = {
  group: 'models',
  async run(testCase, context) {
    const create = Object.hasOwn(creators, testCase.op) ? creators[testCase.op] : undefined
    return create
      ? checkModule(testCase, context, create)
      : { status: 'failed', reason: `no model '${testCase.op}' yet` }
  },
}

/** How PyTorch marks targets that do not count. */
const ignoredLabel = -100

function initializationFor({ device }: CaseCall): Initialization {
  return { device, random: new RandomStream(0) }
}

function gpt2(call: CaseCall): ModuleUnderTest {
  const module = new Gpt2(initializationFor(call), gpt2ConfigOf(call))
  const tokens = call.input('input_ids')
  const length = tokens.shape[1]!
  return {
    module,
    rename: fromHuggingFaceGpt2,
    forward() {
      const logits = module.forward(tokens)
      const predictions = slice(logits, [{}, { size: length - 1 }])
      return { logits, loss: crossEntropy(predictions, slice(tokens, [{}, { start: 1 }]), { classAxis: -1 }) }
    },
  }
}

function bert(call: CaseCall): ModuleUnderTest {
  const module = new BertForPretraining(initializationFor(call), {
    vocabularySize: call.number('vocab'),
    maximumLength: call.number('max_position'),
    segments: call.number('type_vocab'),
    width: call.number('hidden'),
    heads: call.number('heads'),
    layers: call.number('layers'),
    innerWidth: call.number('intermediate'),
    epsilon: call.number('eps'),
    dropout: 0,
    attentionDropout: 0,
  })
  return {
    module,
    rename: fromHuggingFaceBert,
    forward() {
      const { hidden, pooled, tokenLogits, nextSentenceLogits } = module.forward({
        tokens: call.input('input_ids'),
        segments: call.input('token_type_ids'),
        padding: call.optionalInput('attention_mask') ?? 'none',
      })
      return {
        last_hidden_state: hidden,
        pooler_output: pooled,
        mlm_logits: tokenLogits,
        nsp_logits: nextSentenceLogits,
        loss: crossEntropy(tokenLogits, call.input('labels'), { ignoreIndex: ignoredLabel }),
      }
    },
  }
}

function vit(call: CaseCall): ModuleUnderTest {
  if (call.text('pool') !== 'cls') throw new Error(`no pooling '${call.text('pool')}' yet`)
  const [height, width] = call.numbers('image')
  const module = new Vit(initializationFor(call), {
    imageSize: [height!, width!],
    channels: call.number('channels'),
    patchSize: call.number('patch'),
    width: call.number('d_model'),
    heads: call.number('heads'),
    layers: call.number('depth'),
    innerWidth: call.number('mlp'),
    feedForward: 'gelu',
    classes: call.number('classes'),
    epsilon: call.number('eps'),
    dropout: 0,
    attentionDropout: 0,
    attention: ['scaled-dot', 'learned'],
  })
  return {
    module,
    rename: fromTimmVit,
    forward() {
      const logits = module.forward(call.input('image'))
      return { logits, loss: crossEntropy(logits, call.input('label')) }
    },
  }
}
