import type { Initialization } from '@qkv/nn'
import { add, type Backend, Device, mul, RandomStream, type Tensor } from '@qkv/tensor'
import { completeParts } from '../complete-parts.ts'
import { compose, type Composition } from '../compose.ts'
import { EmbeddedAttention } from '../embedded-attention.ts'
import type { AttentionPart } from '../part.ts'
import { causal } from '../parts/mask/causal.ts'
import { padding } from '../parts/mask/padding.ts'
import { sampleTensor, sampleValues } from './sample-values.ts'

/** Small sizes with no two of them equal, so that a swapped axis cannot pass. */
export const sampleSizes = { batch: 3, length: 5, width: 8, heads: 2, maximumLength: 9 } as const

/** The part with what it needs to run, and others beside it. */
export function completeComposition(part: AttentionPart, further: readonly AttentionPart[]): Composition {
  const missing = further.filter(({ name }) => name !== part.name)
  return compose([...completeParts(part), ...missing])
}

/** A model of one attention with a part in it, of the sample's sizes. */
export class SampleAttention extends EmbeddedAttention {
  /** How many rows its output has. */
  readonly outputs: number

  constructor(init: Initialization, composition: Composition) {
    const { width, heads, maximumLength, length } = sampleSizes
    super(init, { width, heads, composition, maximumLength })
    this.outputs = composition.parts.find(({ outputs }) => outputs !== undefined)?.outputs ?? length
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
