import { concat, linear, matmul, mul, slice, type Tensor, transpose } from '@qkv/tensor'
import { checkOptions, even, numberAbove, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import { splitHeads } from '../../heads.ts'
import type { AttentionPart, PartSizes } from '../../part.ts'
import { trainedMap } from '../../projections/trained-map.ts'
import { rotaryBuffers, turnRows } from '../../projections/turn-rows.ts'
import { rotationClaim } from '../../positions/rotation-claim.ts'

export interface TensorProductOptions {
  /** How many products a query is the mean of; 6 unless said. */
  readonly queryRank?: number
  /** How many products a key is the mean of; 2 unless said. */
  readonly keyRank?: number
  /** How many products a value is the mean of; 2 unless said. */
  readonly valueRank?: number
  /** Of the rotary angles; 10000 unless said. `'none'` turns nothing. */
  readonly base?: number | 'none'
}

/**
 * The queries of a position, `[heads, headSize]`, are the mean of a few outer products of a vector over heads and one over columns,
 * both maps of the input; so are keys and values, with ranks of their own. A cache keeps these vectors in place of keys and values,
 * side by side: `[batch, rank, length, heads + headSize]`. Vectors over columns of queries and keys turn with the position
 * (neighbors in pairs; the head size is even), keys before they are cached. No map has a bias.
 *
 * @example
 * compose([scaledDot(), tensorProduct({ queryRank: 6, keyRank: 2, valueRank: 2 }), causal()])
 */
export function tensorProduct(options: TensorProductOptions = {}): AttentionPart {
  const { queryRank = 6, keyRank = 2, valueRank = 2, base = 10000 } = options
  const ranks = { query: queryRank, key: keyRank, value: valueRank }
  checkOptions('tensor-product', { queryRank, keyRank, valueRank }, wholeFrom(1))
  if (base !== 'none') checkOptions('tensor-product', { base }, numberAbove(0))
  const maps = Object.entries(ranks).flatMap(([name, rank]) => [
    [`${name}Heads`, trainedMap(({ heads }) => rank * heads)] as const,
    [`${name}Columns`, trainedMap(({ headSize }) => rank * headSize)] as const,
  ])
  /** `[batch, rank, length, heads + headSize]` */
  const factorsOf = (context: AttentionContext, name: keyof typeof ranks, x: Tensor): Tensor => {
    const mapped = (map: string): Tensor => splitHeads(linear(x, context.parameter(map)), ranks[name])
    const columns = mapped(`${name}Columns`)
    const start = name === 'query' ? context.queryStart : context.keyStart
    const turned =
      base === 'none' || name === 'value'
        ? columns
        : turnRows(context, { part: 'tensor-product', argument: name }, columns, start)
    return concat([mapped(`${name}Heads`), turned], { axis: 3 })
  }
  return {
    name: 'tensor-product',
    source:
      'Zhang et al. 2025, Tensor Product Attention Is All You Need, sections 3.1 and 3.2 (arXiv 2501.06425)',
    about: {
      year: 2025,
      formula: 'Q = Σ_r a_r(x) ⊗ rope(b_r(x)) / R, keys and values likewise, with ranks R of their own',
      use: 'Generation with long contexts: the cache holds (keyRank + valueRank)(heads + headSize) numbers per position.',
    },
    options,
    positional: base !== 'none',
    ...(base !== 'none' && { claims: rotationClaim }),
    keyHeads: (heads) => heads,
    ...(base !== 'none' && { buffers: rotaryBuffers(pairedSize, base) }),
    parameters: Object.fromEntries(maps),
    project: (context, queryInput, keyInput) => ({
      query: meanProduct(factorsOf(context, 'query', queryInput), context.heads),
      key: factorsOf(context, 'key', keyInput),
      value: factorsOf(context, 'value', keyInput),
    }),
    expand: ({ heads }, key, value) => ({
      key: meanProduct(key, heads),
      value: meanProduct(value, heads),
    }),
  }
}

/** `[batch, heads, length, headSize]` from the factors `[batch, rank, length, heads + headSize]`. */
function meanProduct(factors: Tensor, heads: number): Tensor {
  const rank = factors.shape[1]!
  const overHeads = transpose(slice(factors, [{}, {}, {}, { size: heads }]), { order: [0, 2, 3, 1] })
  const overColumns = transpose(slice(factors, [{}, {}, {}, { start: heads }]), { order: [0, 2, 1, 3] })
  return mul(transpose(matmul(overHeads, overColumns), { order: [0, 2, 1, 3] }), 1 / rank)
}

function pairedSize({ headSize }: PartSizes): number {
  const fix = "Columns turn in pairs: change the width or the number of heads, or give base: 'none'."
  checkOptions('tensor-product', { headSize }, even, fix)
  return headSize
}
