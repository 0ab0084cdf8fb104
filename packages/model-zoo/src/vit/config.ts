import type { PartChoice } from '@qkv/attention'

export interface VitConfig {
  /** Height and width in pixels. */
  readonly imageSize: readonly [height: number, width: number]
  readonly channels: number
  /** Side of the square patches, which must divide height and width. */
  readonly patchSize: number
  readonly width: number
  readonly heads: number
  readonly layers: number
  /** Width inside the feed-forward networks. */
  readonly innerWidth: number
  /** Name of the feed-forward network, such as `gelu`. */
  readonly feedForward: string
  readonly classes: number
  readonly epsilon: number
  readonly dropout: number
  readonly attentionDropout: number
  /** Positions may be `learned`, as in the paper, or fixed: `sinusoidal`. */
  readonly attention: readonly PartChoice[]
}

/** ViT-B/16 for 1,000 classes: 86.6 M parameters. */
export function vitBase(): VitConfig {
  return {
    imageSize: [224, 224],
    channels: 3,
    patchSize: 16,
    width: 768,
    heads: 12,
    layers: 12,
    innerWidth: 3072,
    feedForward: 'gelu',
    classes: 1000,
    epsilon: 1e-6,
    dropout: 0.1,
    attentionDropout: 0,
    attention: ['scaled-dot', 'learned'],
  }
}
