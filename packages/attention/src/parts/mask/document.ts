import { equal, reshape } from '@qkv/tensor'
import { columnsOfQueries } from '../../masks/columns-of-queries.ts'
import { neededSideInput } from '../../needed-side-input.ts'
import type { AttentionPart } from '../../part.ts'

/**
 * A query sees only keys of its own document: several texts are packed into one row, and none knows of the others. Each call brings
 * the side input `documents`, int32 `[batch, key]`: equal numbers are one document. With a cache it is that of all positions so far.
 *
 * @example
 * attention.forward(x, x, { mask: noMask, side: { documents }, cache: 'none' }) // [0, 0, 0, 1, 1, 2, 2, 2]
 */
export function document(): AttentionPart {
  return {
    name: 'document',
    source:
      'Krell et al. 2021, Efficient Sequence Packing without Cross-contamination, on attention masks (arXiv 2107.02027)',
    about: {
      year: 2021,
      formula: 'keep where document(j) = document(i)',
      use: 'Training on many short texts without filling up batches.',
    },
    selfOnly: 'queries and keys are in the same documents',
    positional: true,
    sideInputs: ['documents'],
    sampleSide: ({ batch, length }) => ({
      documents: {
        shape: [batch, length],
        values: Array.from({ length: batch * length }, (_, index) =>
          Math.floor(((index % length) + Math.floor(index / length)) / 2),
        ),
        dtype: 'int32',
      },
    }),
    mask(context) {
      const documents = neededSideInput(
        context,
        'document',
        'documents',
        'int32 [batch, key], the number of the document of each position',
        'Pass it, or leave the part out where every row is one document.',
      )
      const queries = columnsOfQueries(context, 'document', 'documents', documents)
      const [batch, keys] = documents.shape as [number, number]
      const rows = reshape(queries, [batch, 1, context.queryLength, 1])
      return { kind: 'tensor', keep: equal(rows, reshape(documents, [batch, 1, 1, keys])) }
    },
  }
}
