import {
  compose,
  type Composition,
  MultiHeadAttention,
  noMask,
  padding,
  scaledDot,
  TransformerLayer,
  type TransformerLayerOptions,
} from '@qkv/attention'
import {
  fromTorchTransformer,
  type StackConfig,
  TransformerDecoder,
  TransformerEncoder,
} from '@qkv/model-zoo'
import { createFeedForward, type Initialization, Module } from '@qkv/nn'
import { mean, RandomStream, type Tensor } from '@qkv/tensor'
import type { GroupAdapter } from '../adapter.ts'
import type { CaseCall } from '../case-call.ts'
import { checkModule, type ModuleUnderTest } from '../check-module.ts'
import type { GoldenTensor } from '../golden-case.ts'
import { attentionMaskParts, keptKeys, paddingMaskParts } from '../torch-masks.ts'

const creators: Readonly<Record<string, (call: CaseCall) => ModuleUnderTest>> = {
  MultiheadAttention: multiHeadAttention,
  TransformerEncoderLayer: encoderLayer,
  TransformerDecoderLayer: decoderLayer,
  Transformer: transformer,
}

export const modules: GroupAdapter = {
  group: 'modules',
  async run(testCase, context) {
    const create = Object.hasOwn(creators, testCase.op) ? creators[testCase.op] : undefined
    return create
      ? checkModule(testCase, context, create)
      : { status: 'failed', reason: `op '${testCase.op}' is not mapped` }
  },
}

function initializationFor({ device }: CaseCall): Initialization {
  return { device, random: new RandomStream(0) }
}

/** The output of the fused operation where the masks allow it, and the weights of the same attention by stages. */
function multiHeadAttention(call: CaseCall): ModuleUnderTest {
  const [width, heads] = [call.number('embed_dim'), call.number('num_heads')]
  const [keyWidth, valueWidth] = ['kdim', 'vdim'].map((name) => call.optionalNumber(name) ?? width)
  const averages = call.boolean('average_attn_weights')
  const composition = compose([
    scaledDot(),
    ...attentionMaskParts(call, 'attn_mask', heads),
    ...paddingMaskParts(call, 'key_padding_mask'),
  ])
  const bias = call.boolean('bias')
  const sizes = { width, heads, keyWidth: keyWidth!, valueWidth: valueWidth! }
  const module = new MultiHeadAttention(initializationFor(call), { ...sizes, composition, bias })
  const query = call.input('q')
  const key = call.optionalInput('k') ?? query
  const plain = { mask: noMask, side: {}, cache: 'none', valueInput: call.optionalInput('v') ?? key } as const
  return {
    module,
    rename: fromTorchTransformer,
    forward() {
      let weights: Tensor | undefined
      module.forward(query, key, {
        ...plain,
        tap(site, tensor) {
          if (site === 'weights') weights = call.device.keep(averages ? mean(tensor, { axis: 1 }) : tensor)
          return tensor
        },
      })
      return { out: module.forward(query, key, plain), weights: weights! }
    },
    ...conventionOfUnattended(call),
  }
}

/** A query without keys mixes no values, so that only the bias of the last projection comes out; PyTorch gives nan. */
function conventionOfUnattended({ testCase }: CaseCall): Pick<ModuleUnderTest, 'convention'> {
  const { out, weights } = testCase.outputs
  if (!testCase.flags.includes('convention') || !out || !weights || !out.data.some(Number.isNaN)) return {}
  const bias = testCase.parameters['out_proj.bias']?.data
  const replaced = (stored: GoldenTensor, value: (index: number) => number): GoldenTensor => ({
    ...stored,
    data: Float32Array.from(stored.data, (number, index) => (Number.isNaN(number) ? value(index) : number)),
  })
  return {
    convention: {
      reason: 'a query with no key to attend to gives zeros before the last projection, never nan',
      outputs: {
        out: replaced(out, (index) => bias?.[index % bias.length] ?? 0),
        weights: replaced(weights, () => 0),
      },
    },
  }
}

function encoderLayer(call: CaseCall): ModuleUnderTest {
  const composition = compose([
    scaledDot(),
    padding(),
    ...attentionMaskParts(call, 'src_mask', call.number('nhead')),
  ])
  const module = new TransformerLayer(initializationFor(call), layerOptions(call, composition))
  return {
    module,
    rename: fromTorchTransformer,
    forward: () => {
      const side = { padding: keptKeys(call, 'src_key_padding_mask') }
      return { out: module.forward(call.input('src'), { mask: noMask, side, cache: 'none' }) }
    },
  }
}

function decoderLayer(call: CaseCall): ModuleUnderTest {
  const heads = call.number('nhead')
  const site = (mask: string): Composition =>
    compose([scaledDot(), padding(), ...attentionMaskParts(call, mask, heads)])
  const module = new TransformerLayer(initializationFor(call), {
    ...layerOptions(call, site('tgt_mask')),
    crossAttention: { heads, composition: site('memory_mask') },
  })
  return {
    module,
    rename: fromTorchTransformer,
    forward() {
      const callWith = (name: string) =>
        ({ mask: noMask, side: { padding: keptKeys(call, name) }, cache: 'none' }) as const
      const cross = { memory: call.input('memory'), call: callWith('memory_key_padding_mask') }
      return { out: module.forward(call.input('tgt'), callWith('tgt_key_padding_mask'), cross) }
    },
  }
}

function layerOptions(call: CaseCall, composition: Composition): TransformerLayerOptions {
  const { width, heads, innerWidth, feedForward, norm, epsilon, dropout } = stackConfig(call)
  return {
    width,
    norm,
    epsilon,
    dropout,
    attention: { heads, composition },
    feedForward: createFeedForward(feedForward, initializationFor(call), {
      width,
      innerWidth,
      dropout,
      causal: false,
    }),
  }
}

/** Encoder and decoder under the names that `nn.Transformer` gives them. */
class EncoderDecoder extends Module {
  readonly encoder: TransformerEncoder
  readonly decoder: TransformerDecoder

  constructor(encoder: TransformerEncoder, decoder: TransformerDecoder) {
    super()
    this.encoder = encoder
    this.decoder = decoder
  }
}

function transformer(call: CaseCall): ModuleUnderTest {
  const config = stackConfig(call)
  const site = (mask: string): Composition =>
    compose([scaledDot(), padding(), ...attentionMaskParts(call, mask, config.heads)])
  const initialization = initializationFor(call)
  const module = new EncoderDecoder(
    new TransformerEncoder(
      initialization,
      { ...config, layers: call.number('num_encoder_layers') },
      site('src_mask'),
    ),
    new TransformerDecoder(
      initialization,
      { ...config, layers: call.number('num_decoder_layers') },
      { decoder: site('tgt_mask'), cross: site('memory_mask') },
    ),
  )
  return {
    module,
    rename: fromTorchTransformer,
    forward: () => ({
      out: module.decoder.forward({
        x: call.input('tgt'),
        padding: keptKeys(call, 'tgt_key_padding_mask'),
        memory: module.encoder.forward(call.input('src'), keptKeys(call, 'src_key_padding_mask')),
        // The memory is padded where the source is, unless the case says otherwise.
        memoryPadding: keptKeys(call, 'memory_key_padding_mask', 'src_key_padding_mask'),
        caches: 'none',
      }),
    }),
  }
}

/** What PyTorch's layers and stacks are configured by; `nn.Transformer` normalises after the last layer. */
function stackConfig(call: CaseCall): StackConfig {
  return {
    width: call.number('d_model'),
    heads: call.number('nhead'),
    innerWidth: call.number('dim_feedforward'),
    feedForward: call.text('activation'),
    dropout: 0,
    norm: call.boolean('norm_first') ? 'pre' : 'post',
    finalNorm: true,
    epsilon: call.optionalNumber('layer_norm_eps') ?? 1e-5,
    maximumLength: 512,
  }
}
