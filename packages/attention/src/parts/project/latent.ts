import { ones } from '@qkv/nn'
import { broadcastTo, concat, linear, rmsNorm, type Tensor } from '@qkv/tensor'
import { checkOptions, even, numberAbove, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import { joinHeads, splitHeads } from '../../heads.ts'
import type { AttentionPart, ParameterDeclaration, PartSizes } from '../../part.ts'
import { trainedMap } from '../../projections/trained-map.ts'
import { rotaryBuffers, turnRows } from '../../projections/turn-rows.ts'
import { rotationClaim } from '../../positions/rotation-claim.ts'

export interface LatentOptions {
  /** Numbers per position that keys and values are made from; four times the head size unless said. */
  readonly latentSize?: number
  /** Numbers per position that queries are made from; they come straight from the input unless said. */
  readonly queryLatentSize?: number
  /** Columns that the rotary query and key add, an even number; half of the head size (2 at least) unless said. */
  readonly ropeSize?: number
  /** Of the rotary angles; 10000 unless said. */
  readonly base?: number
  /** Divides each latent by its root mean square, with a trained gain per number, as the published models do; false unless said. */
  readonly normalize?: boolean
}

/**
 * Keys and values of all heads are maps of one small latent per position, and positions are in a rotary key that all
 * heads share. A cache keeps these two: as key `[batch, 1, length, ropeSize]`, turned, as value
 * `[batch, 1, length, latentSize]`. Queries and expanded keys are `[batch, heads, length, headSize + ropeSize]`, the rotary columns
 * last, pairs of neighbors turned; values `[batch, heads, length, headSize]`. No map has a bias.
 * What the cache keeps of latents is normalised where `normalize` asks for it.
 *
 * @example
 * compose([scaledDot(), latent({ latentSize: 128, ropeSize: 16 }), causal()])
 */
export function latent(options: LatentOptions = {}): AttentionPart {
  const { base = 10000, queryLatentSize, normalize = false } = options
  checkSizes(options)
  const latentSize = ({ headSize }: PartSizes): number => options.latentSize ?? 4 * headSize
  const ropeSize = ({ headSize }: PartSizes): number =>
    options.ropeSize ?? Math.max(2, 2 * Math.floor(headSize / 4))
  const columns = ({ heads, headSize }: PartSizes): number => heads * headSize
  const querySource = ({ width }: PartSizes): number => queryLatentSize ?? width
  return {
    name: 'latent',
    source:
      'DeepSeek-AI 2024, DeepSeek-V2: A Strong, Economical, and Efficient Mixture-of-Experts Language Model, section 2.1, equations 9 to 19 (arXiv 2405.04434)',
    about: {
      year: 2024,
      formula:
        'c = D x, k_h = [K_h c; rope(R x)], v_h = V_h c, q_h = [Q_h x; rope(P_h x)], S = q·k / √(d + d_rope)',
      use: 'Generation with long contexts: the cache holds one latent and one rotary key per position, however many heads there are.',
    },
    options,
    positional: true,
    claims: rotationClaim,
    resizes: { keyColumns: 'its queries and keys have rotary columns besides those of the head size' },
    // A key head for each head, none of them kept.
    keyHeads: (heads) => heads,
    buffers: rotaryBuffers(ropeSize, base),
    parameters: {
      ...(queryLatentSize !== undefined && { queryDown: trainedMap(() => queryLatentSize) }),
      query: trainedMap(columns, querySource),
      queryRope: trainedMap((sizes) => sizes.heads * ropeSize(sizes), querySource),
      down: trainedMap(latentSize),
      keyRope: trainedMap(ropeSize),
      key: trainedMap(columns, latentSize),
      value: trainedMap(columns, latentSize),
      ...(normalize && { gain: gainOf(latentSize) }),
      ...(normalize && queryLatentSize !== undefined && { queryGain: gainOf(() => queryLatentSize) }),
    },
    project(context, queryInput, keyInput) {
      const latentOf = (down: string, gain: string, input: Tensor): Tensor => {
        const latents = linear(input, context.parameter(down))
        return normalize ? rmsNorm(latents, { weight: context.parameter(gain), epsilon: 1e-6 }) : latents
      }
      const source =
        queryLatentSize === undefined ? queryInput : latentOf('queryDown', 'queryGain', queryInput)
      const turn = (argument: string, rows: Tensor, start: number): Tensor =>
        turnRows(context, { part: 'latent', argument }, rows, start)
      const rotary = mapped(context, 'queryRope', source, context.heads)
      return {
        query: concat(
          [mapped(context, 'query', source, context.heads), turn('query', rotary, context.queryStart)],
          { axis: 3 },
        ),
        key: turn('key', mapped(context, 'keyRope', keyInput, 1), context.keyStart),
        value: splitHeads(latentOf('down', 'gain', keyInput), 1),
      }
    },
    expand(context, key, value) {
      const [batch, , length, size] = key.shape as [number, number, number, number]
      const shared = broadcastTo(key, [batch, context.heads, length, size])
      const latents = joinHeads(value)
      return {
        key: concat([mapped(context, 'key', latents, context.heads), shared], { axis: 3 }),
        value: mapped(context, 'value', latents, context.heads),
      }
    },
  }
}

function gainOf(size: (sizes: PartSizes) => number): ParameterDeclaration {
  return { owner: 'attention', shape: (sizes) => [size(sizes)], initializer: ones() }
}

function mapped(context: AttentionContext, name: string, rows: Tensor, heads: number): Tensor {
  return splitHeads(linear(rows, context.parameter(name)), heads)
}

function checkSizes({ latentSize, queryLatentSize, ropeSize, base }: LatentOptions): void {
  checkOptions('latent', { latentSize, queryLatentSize, ropeSize }, wholeFrom(1))
  checkOptions('latent', { base }, numberAbove(0))
  checkOptions('latent', { ropeSize }, even, 'Columns turn in pairs.')
}
