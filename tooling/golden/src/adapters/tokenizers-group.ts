import { type GroupAdapter, resultOf } from '../adapter.ts'
import { runTokenizerCase, type TokenizerCase, type TokenizerSpecs } from './tokenizers.ts'

export const tokenizers: GroupAdapter = {
  group: 'tokenizers',
  usesDevice: false,
  async run({ document }, { group }) {
    const specs = (group.document['specs'] ?? {}) as TokenizerSpecs
    return resultOf(runTokenizerCase(document as unknown as TokenizerCase, specs))
  },
}
