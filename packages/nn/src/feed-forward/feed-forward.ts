import type { Initialization } from '../initialization.ts'
import type { Layer } from '../layers/layer.ts'

/** The network between two attentions, from `[batch, length, width]` to the same: a replaceable part of a model. */
export interface FeedForward extends Layer {}

/** What a model tells its feed-forward networks. */
export interface FeedForwardOptions {
  readonly width: number
  /** Width between the two projections; the paper has four times the outer one. */
  readonly innerWidth: number
  /** Rate on the inner activations; 0 for none. */
  readonly dropout: number
  /** Whether a position must not see later ones, as in decoders: what mixes positions has to obey. */
  readonly causal: boolean
}

/** A feed-forward network that a config can name. */
export interface FeedForwardKind {
  readonly name: string
  /** Paper, with section. */
  readonly source: string
  create(initialization: Initialization, options: FeedForwardOptions): FeedForward
}
