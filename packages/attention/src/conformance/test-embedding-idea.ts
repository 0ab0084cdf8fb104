import { createReferenceBackend, Device, type HostArray, RandomStream, type Tensor } from '@qkv/tensor'
import type { AttentionPart, PartSizes } from '../part.ts'
import { PositionEmbedding } from '../position-embedding.ts'
import { type IdeaOptions, registerIdeas } from './register-ideas.ts'
import { completeComposition } from './sample-attention.ts'

/** Embeddings, and what the paper's formula makes of them, worked out without the part. */
export interface EmbeddingIdea {
  readonly title: string
  /** One head as wide as the embeddings, and a maximum length of 16, unless said. */
  readonly sizes?: Partial<PartSizes>
  /** Position of the first embedding; 0 unless said. */
  readonly start?: number
  /** The embeddings `[batch, length, width]`, made on a float64 device. */
  inputs(device: Device): Tensor
  /** What the part's parameters hold, by name; as initialized unless said. */
  parameters?(device: Device): Readonly<Record<string, Tensor>>
  side?(device: Device): Readonly<Record<string, Tensor | 'none'>>
  /** The results `[batch, length, width]`, row by row. */
  readonly expected: readonly number[] | (() => readonly number[])
}

export type TestEmbeddingIdeaOptions = IdeaOptions<EmbeddingIdea>

/**
 * Registers one test for each case of a part with an `embed` stage, and one that holds these cases to account: with the part
 * replaced by one that does nothing, at least one of them must fail.
 *
 * @example
 * testEmbeddingIdea(() => learned(), {
 *   test,
 *   ideas: [{ title: 'adds its table', inputs: zeros, parameters: ones, expected: [1, 1, 1, 1] }],
 * })
 */
export function testEmbeddingIdea(create: () => AttentionPart, options: TestEmbeddingIdeaOptions): void {
  const idle: AttentionPart = { ...create(), embed: (_, embeddings) => embeddings }
  registerIdeas(create, options, { 'a part that does nothing': idle }, run)
}

function run(part: AttentionPart, idea: EmbeddingIdea): HostArray {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  return device.scoped(() => {
    const embeddings = idea.inputs(device)
    const width = embeddings.shape[2]!
    const sizes = { width, heads: 1, keyHeads: 1, headSize: width, maximumLength: 16, ...idea.sizes }
    const init = { device, random: new RandomStream(1) }
    const positions = new PositionEmbedding(init, completeComposition(part, []), sizes)
    for (const [name, value] of Object.entries(idea.parameters?.(device) ?? {})) {
      positions.parameters().get(`parts.${part.name}.${name}`)!.assign(value)
    }
    return positions.forward(embeddings, idea.start ?? 0, idea.side?.(device) ?? {}).readSync()
  })
}
