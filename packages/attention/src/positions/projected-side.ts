import { xavierUniform, zeros } from '@qkv/nn'
import { add, matmul, type Tensor } from '@qkv/tensor'
import type { EmbedContext } from '../context.ts'
import type { AttentionPart } from '../part.ts'
import { sideRows } from './side-rows.ts'

interface ProjectedSide {
  readonly part: string
  /** The side input, float32 `[batch, length, columns]`. */
  readonly name: string
  readonly columns: number
  /** Changes the rows before they are projected. */
  readonly prepare?: (context: EmbedContext, rows: Tensor) => Tensor
}

/** Adds a trained projection of a side input to the embeddings. */
export function projectedSide({
  part,
  name,
  columns,
  prepare = (_, rows) => rows,
}: ProjectedSide): Pick<AttentionPart, 'positional' | 'sideInputs' | 'sampleSide' | 'parameters' | 'embed'> {
  return {
    positional: true,
    sideInputs: [name],
    sampleSide: ({ batch, length }) => ({
      [name]: { shape: [batch, length, columns], values: sampleRows(batch, length, columns) },
    }),
    parameters: {
      weight: { owner: 'embedding', shape: ({ width }) => [columns, width], initializer: xavierUniform() },
      bias: { owner: 'embedding', shape: ({ width }) => [width], initializer: zeros() },
    },
    embed(context, embeddings) {
      const rows = prepare(context, sideRows(context, embeddings, { part, name, columns, dtype: 'float32' }))
      return add(embeddings, add(matmul(rows, context.parameter('weight')), context.parameter('bias')))
    },
  }
}

/** The same for a position whatever the length. */
function sampleRows(batch: number, length: number, columns: number): readonly number[] {
  return Array.from({ length: batch * length * columns }, (_, index) => {
    const [entry, rest] = [Math.floor(index / (length * columns)), index % (length * columns)]
    return Math.sin(3.7 * entry + 1.3 * rest)
  })
}
