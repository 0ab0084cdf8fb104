import type { ModelDescription } from '@qkv/pipelines'

/** What the picture needs to know of a model. */
export type PictureConfig = Omit<ModelDescription['model'], 'attention'>

export type BlockKind =
  | 'embedding'
  | 'self-attention'
  | 'cross-attention'
  | 'feed-forward'
  | 'norm'
  | 'final-norm'
  | 'output'

/** A part of the picture that can be chosen. */
export interface Block {
  /** In addresses. */
  readonly name: string
  readonly kind: BlockKind
  readonly stack: 'encoder' | 'decoder'
  /** Counted from 0; absent outside of layers. */
  readonly layer: number | undefined
  /** Where its parameters are in the model. */
  readonly path: string
}

/** A function with its norm, around which the residual stream runs. */
export interface SublayerBlocks {
  readonly run: Block
  readonly norm: Block
}

export interface StackBlocks {
  readonly embedding: Block
  /** Sublayers of each layer, in the order in which they run. */
  readonly layers: readonly (readonly SublayerBlocks[])[]
  readonly finalNorm: Block | undefined
}

/** All blocks of a stack, as the model runs them. */
export function stackBlocks(stack: 'encoder' | 'decoder', config: PictureConfig): StackBlocks {
  const [embedding, ownTable, layers] =
    stack === 'encoder'
      ? (['source', 'sourceEmbedding', config.encoderLayers] as const)
      : (['target', 'targetEmbedding', config.decoderLayers] as const)
  const outside = { stack, layer: undefined }
  const path = config.sharedEmbeddings === 'all' ? 'targetEmbedding' : ownTable
  return {
    embedding: { ...outside, name: embedding, kind: 'embedding', path },
    layers: Array.from({ length: layers }, (_, layer) => layerBlocks(stack, layer)),
    finalNorm: config.finalNorm
      ? { ...outside, name: `${stack}norm`, kind: 'final-norm', path: `${stack}.norm` }
      : undefined,
  }
}

export const outputBlock: Block = {
  name: 'output',
  kind: 'output',
  stack: 'decoder',
  layer: undefined,
  path: 'output',
}

/** Every block of the picture. */
export function blocksOf(config: PictureConfig): readonly Block[] {
  const stacks = (['encoder', 'decoder'] as const).map((stack) => stackBlocks(stack, config))
  return [
    ...stacks.flatMap(({ embedding, layers, finalNorm }) => [
      embedding,
      ...layers.flat().flatMap(({ norm, run }) => [norm, run]),
      ...(finalNorm ? [finalNorm] : []),
    ]),
    outputBlock,
  ]
}

function layerBlocks(stack: 'encoder' | 'decoder', layer: number): readonly SublayerBlocks[] {
  const sublayer = (name: string, kind: BlockKind, field: string): SublayerBlocks => {
    const place = `${stack}.layers.${layer}.${field}`
    return {
      run: { stack, layer, kind, name: `${stack}.${layer}.${name}`, path: place },
      norm: {
        stack,
        layer,
        kind: 'norm',
        name: `${stack}.${layer}.${name}norm`,
        path: `${place}Sublayer.norm`,
      },
    }
  }
  return [
    sublayer('attention', 'self-attention', 'selfAttention'),
    ...(stack === 'decoder' ? [sublayer('cross', 'cross-attention', 'crossAttention')] : []),
    sublayer('forward', 'feed-forward', 'feedForward'),
  ]
}
