import { createTexts } from '@qkv/apps-shared/language'
import type { Block } from './blocks.ts'

/** Names of the blocks, as the paper has them. */
export const blockText = createTexts({
  en: {
    'embedding-encoder': 'Source embedding',
    'embedding-decoder': 'Target embedding',
    'self-attention-encoder': 'Self-attention',
    'self-attention-decoder': 'Masked self-attention',
    'cross-attention-decoder': 'Cross-attention',
    'feed-forward-encoder': 'Feed-forward',
    'feed-forward-decoder': 'Feed-forward',
    'norm-encoder': 'Norm',
    'norm-decoder': 'Norm',
    'final-norm-encoder': 'Norm',
    'final-norm-decoder': 'Norm',
    'output-decoder': 'Linear and softmax',
    encoder: 'Encoder',
    decoder: 'Decoder',
    layer: 'layer {{layer}}',
    placeInLayer: '{{stack}}, layer {{layer}}: {{name}}',
    place: '{{stack}}: {{name}}',
  },
  zh: {
    'embedding-encoder': '源语言词嵌入',
    'embedding-decoder': '目标语言词嵌入',
    'self-attention-encoder': '自注意力',
    'self-attention-decoder': '带掩码的自注意力',
    'cross-attention-decoder': '交叉注意力',
    'feed-forward-encoder': '前馈网络',
    'feed-forward-decoder': '前馈网络',
    'norm-encoder': '归一化',
    'norm-decoder': '归一化',
    'final-norm-encoder': '归一化',
    'final-norm-decoder': '归一化',
    'output-decoder': '线性层与 softmax',
    encoder: '编码器',
    decoder: '解码器',
    layer: '第 {{layer}} 层',
    placeInLayer: '{{stack}}第 {{layer}} 层：{{name}}',
    place: '{{stack}}：{{name}}',
  },
})

export function nameOfBlock({ kind, stack }: Block): string {
  return blockText(`${kind}-${stack}` as Parameters<typeof blockText>[0])
}

/** With the stack and the layer, counted from 1. */
export function placeOfBlock(block: Block): string {
  const { stack, layer } = block
  const values = { stack: blockText(stack), name: nameOfBlock(block) }
  return layer === undefined
    ? blockText('place', values)
    : blockText('placeInLayer', { ...values, layer: layer + 1 })
}
