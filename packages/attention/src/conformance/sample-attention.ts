import { Module, type Initialization } from '@qkv/nn'
import { add, type Backend, Device, mul, RandomStream, type Tensor } from '@qkv/tensor'
import type { AttentionCache } from '../caches/attention-cache.ts'
import { completeParts } from '../complete-parts.ts'
import { compose, type Composition } from '../compose.ts'
import type { Tap } from '../context.ts'
import { noMask } from '../masks/mask.ts'
import { MultiHeadAttention } from '../multi-head-attention.ts'
import type { AttentionPart } from '../part.ts'
import { causal } from '../parts/mask/causal.ts'
import { padding } from '../parts/mask/padding.ts'
import { PositionEmbedding } from '../position-embedding.ts'
import { sampleSideOf } from '../sample-side.ts'
import { sampleTensor, sampleValues } from './sample-values.ts'

/** Small sizes with no two of them equal, so that a swapped axis cannot pass. */
export const sampleSizes = { batch: 3, length: 5, width: 8, heads: 2, maximumLength: 9 } as const

/** The part with what it needs to run, and others beside it. */
export function completeComposition(part: AttentionPart, further: readonly AttentionPart[]): Composition {
  const missing = further.filter(({ name }) => name !== part.name)
  return compose([...completeParts(part), ...missing])
}

/** A model of one attention with a part in it: positions, then self-attention. */
export class SampleAttention extends Module {
  readonly positions: PositionEmbedding
  readonly attention: MultiHeadAttention
  /** How many rows its output has. */
  readonly outputs: number
  readonly #composition: Composition

  constructor(init: Initialization, composition: Composition) {
    super()
    const { width, heads, maximumLength } = sampleSizes
    const sizes = { width, heads, keyHeads: heads, headSize: width / heads, maximumLength }
    this.positions = new PositionEmbedding(init, composition, sizes)
    this.attention = new MultiHeadAttention(init, { width, heads, composition, maximumLength })
    this.#composition = composition
    this.outputs =
      composition.parts.find(({ outputs }) => outputs !== undefined)?.outputs ?? sampleSizes.length
  }

  /** `x` is `[batch, length, width]`; side inputs that are not given are those that the parts bring for tests, or `'none'`. */
  forward(
    x: Tensor,
    options: {
      readonly side?: Readonly<Record<string, Tensor>>
      readonly cache?: AttentionCache
      readonly tap?: Tap
    } = {},
  ): Tensor {
    const { cache, tap, side = {} } = options
    const start = cache?.length ?? 0
    return x.device.scoped(() => {
      const length = start + x.shape[1]!
      const sides = {
        ...sampleSideOf(this.#composition, x.device, { batch: sampleSizes.batch, length }),
        ...side,
      }
      const embedded = this.positions.forward(x, start, sides)
      return this.attention.forward(embedded, embedded, {
        mask: noMask,
        side: sides,
        cache: cache ?? 'none',
        ...(tap && { tap }),
      })
    })
  }
}

/** The same weights on any backend, every one of them as if it had been trained. */
export function createSample(
  backend: Backend,
  composition: Composition,
): { device: Device; model: SampleAttention } {
  const device = new Device(backend)
  const model = new SampleAttention({ device, random: new RandomStream(7) }, composition)
  moveParameters(device, model)
  return { device, model }
}

/**
 * Adds a number of its own, of at most 1/2, to each parameter: what starts at zero or as the identity hides all that it is
 * multiplied by. Added, since parts may start where their parameters mean something, such as logarithms of small steps.
 */
function moveParameters(device: Device, model: SampleAttention): void {
  for (const [index, parameter] of [...model.parameters().values()].entries()) {
    device.scoped(() => {
      const moves = mul(sampleTensor(device, parameter.shape, 20 + index), 0.5)
      parameter.assign(add(parameter.value, moves))
    })
  }
}

export function sampleInput(device: Device, changes: ReadonlyMap<number, number> = new Map()): Tensor {
  const { batch, length, width } = sampleSizes
  const values = sampleValues(batch * length * width, 1)
  for (const [index, value] of changes) values[index] = value
  return device.tensor(values, { shape: [batch, length, width] })
}

export const causalParts: readonly AttentionPart[] = [causal()]
export const paddedParts: readonly AttentionPart[] = [padding()]
