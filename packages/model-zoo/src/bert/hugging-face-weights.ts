import type { WeightArray } from '../weight-array.ts'

/**
 * Renames BERT weights from the Hugging Face names to the paths of `BertForPretraining`; those of `Bert` alone are
 * the ones below `bert.`. The output that is tied to the embedding is left out.
 *
 * @example
 * new BertForPretraining(init, bertBase()).loadState(fromHuggingFaceBert(weights))
 */
export function fromHuggingFaceBert<Weight extends WeightArray>(
  entries: Iterable<readonly [name: string, array: Weight]>,
): Map<string, Weight> {
  const renamed = new Map<string, Weight>()
  for (const [fullName, array] of entries) {
    const name = fullName.replace(/^bert\./, '')
    if (name.startsWith('cls.predictions.decoder.') || name === 'embeddings.position_ids') continue
    renamed.set(name.startsWith('cls.') ? renameHead(name) : `bert.${renameEncoder(name)}`, array)
  }
  return renamed
}

function renameHead(name: string): string {
  return name
    .replace('cls.predictions.transform.dense.', 'transform.')
    .replace('cls.predictions.transform.LayerNorm.', 'transformNorm.')
    .replace('cls.predictions.bias', 'output.bias')
    .replace('cls.seq_relationship.', 'nextSentence.')
}

function renameEncoder(name: string): string {
  return name
    .replace('embeddings.word_embeddings.weight', 'embedding.table')
    .replace('embeddings.token_type_embeddings.weight', 'segmentEmbedding.table')
    .replace('embeddings.position_embeddings.weight', 'positions.parts.learned.table')
    .replace('embeddings.LayerNorm.', 'embeddingNorm.')
    .replace('encoder.layer.', 'encoder.layers.')
    .replace('.attention.self.', '.selfAttention.')
    .replace('.attention.output.dense.', '.selfAttention.output.')
    .replace('.attention.output.LayerNorm.', '.selfAttentionSublayer.norm.')
    .replace('.intermediate.dense.', '.feedForward.up.')
    .replace('.output.dense.', '.feedForward.down.')
    .replace('.output.LayerNorm.', '.feedForwardSublayer.norm.')
    .replace('pooler.dense.', 'pooler.')
}
