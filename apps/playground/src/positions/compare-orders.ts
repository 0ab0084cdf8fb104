import { compose, MultiHeadAttention, noMask, PositionEmbedding, scaledDot, sinusoidal } from '@qkv/attention'
import { Embedding, type Initialization } from '@qkv/nn'
import { abs, type Device, embedding, max, RandomStream, reshape, sub, type Tensor } from '@qkv/tensor'
import { type Matrix, toMatrix } from '../matrix.ts'

export interface OrdersInput {
  /** Ids of the words of a sentence; the same id is the same word. */
  readonly first: readonly number[]
  /** The same words in another order. */
  readonly second: readonly number[]
  readonly width: number
  readonly heads: number
  /** Of the layer's random weights. */
  readonly seed: number
}

export interface OrderComparison {
  /** A row per word, in the order of the first sentence, for both. */
  readonly first: Matrix
  readonly second: Matrix
  /** Outputs of the first sentence less those of the second, word by word. */
  readonly difference: Matrix
  readonly largest: number
}

export interface Orders {
  readonly without: OrderComparison
  readonly with: OrderComparison
}

/** Two orders of the same words through one layer of self-attention, without and with positions. */
export function compareOrders(device: Device, input: OrdersInput): Orders {
  const { first, second, width, heads, seed } = input
  const initialization: Initialization = { device, random: new RandomStream(seed) }
  using words = new Embedding(initialization, { vocabularySize: Math.max(...first) + 1, width })
  const composition = compose([scaledDot(), sinusoidal()])
  using layer = new MultiHeadAttention(initialization, { width, heads, composition })
  using positions = new PositionEmbedding(initialization, composition, {
    width,
    heads,
    keyHeads: heads,
    headSize: width / heads,
    maximumLength: first.length,
  })
  const embed = (sentence: readonly number[]): Tensor =>
    words.forward(device.tensor(Int32Array.from(sentence), { shape: [1, sentence.length] }))
  const inOrder = first.map((_, place) => place)
  // Where each word of the first sentence stands in the second.
  const moved = first.map((word) => second.indexOf(word))
  const compare = (place: (embedded: Tensor) => Tensor): OrderComparison => {
    const left = attend(layer, place(embed(first)), inOrder)
    const right = attend(layer, place(embed(second)), moved)
    const difference = sub(left, right)
    return {
      first: toMatrix(left),
      second: toMatrix(right),
      difference: toMatrix(difference),
      largest: max(abs(difference)).readSync()[0]!,
    }
  }
  return {
    without: compare((embedded) => embedded),
    with: compare((embedded) => positions.forward(embedded, 0)),
  }
}

/** Outputs of the layer `[length, width]`, in an order of their own. */
function attend(layer: MultiHeadAttention, hidden: Tensor, order: readonly number[]): Tensor {
  const [, length, width] = hidden.shape as [number, number, number]
  const output = layer.forward(hidden, hidden, { mask: noMask, side: {}, cache: 'none' })
  return embedding(hidden.device.tensor(Int32Array.from(order)), reshape(output, [length, width]))
}
