import { normal } from '@qkv/nn'
import { add, embedding, reshape, slice } from '@qkv/tensor'
import { checkOptions, numberAbove, wholeFrom } from '../../check-options.ts'
import type { AttentionPart, ParameterDeclaration } from '../../part.ts'
import { sideRows } from '../../positions/side-rows.ts'

export interface TimestampsOptions {
  /** How many values each field has, in the order of the columns; `{ hour: 24, weekday: 7, day: 32, month: 13 }` unless said. */
  readonly fields?: Readonly<Record<string, number>>
  /** Of the numbers of the vectors at first; 0.02 unless said. */
  readonly standardDeviation?: number
}

/**
 * Adds a trained vector for each field of a position's time, such as the hour and the month. Each call brings the side input
 * `timestamps`, `int32` `[batch, length, fields]`: values from 0 to one less than the field has. Days and months may count from 1.
 *
 * @example
 * positions.forward(series, 0, { timestamps }) // of compose([scaledDot(), timestamps({ fields: { minute: 60, hour: 24 } })])
 */
export function timestamps(options: TimestampsOptions = {}): AttentionPart {
  const { fields = { hour: 24, weekday: 7, day: 32, month: 13 }, standardDeviation = 0.02 } = options
  checkOptions('timestamps', fields, wholeFrom(1))
  checkOptions('timestamps', { standardDeviation }, numberAbove(0))
  const counts = Object.values(fields)
  const table = (count: number): ParameterDeclaration => ({
    owner: 'embedding',
    shape: ({ width }) => [count, width],
    initializer: normal({ standardDeviation }),
  })
  return {
    name: 'timestamps',
    source:
      'Zhou et al. 2020, Informer: Beyond Efficient Transformer for Long Sequence Time-Series Forecasting, appendix B (arXiv 2012.07436)',
    about: {
      year: 2020,
      formula: 'x_i + Σ_f E_f[t_(i,f)], f the hour, weekday, day and month of position i',
      use: 'Time series, whose values follow the clock and the calendar.',
    },
    options,
    positional: true,
    sideInputs: ['timestamps'],
    sampleSide: ({ batch, length }) => ({
      timestamps: {
        shape: [batch, length, counts.length],
        dtype: 'int32',
        values: Array.from({ length: batch * length }, (_, row) =>
          counts.map((count, field) => (5 * Math.floor(row / length) + 3 * (row % length) + field) % count),
        ).flat(),
      },
    }),
    parameters: Object.fromEntries(Object.entries(fields).map(([name, count]) => [name, table(count)])),
    embed(context, embeddings) {
      const stamps = sideRows(context, embeddings, {
        part: 'timestamps',
        name: 'timestamps',
        columns: counts.length,
        dtype: 'int32',
      })
      const [batch, length] = stamps.shape as [number, number, number]
      return Object.keys(fields).reduce((sum, name, field) => {
        const column = reshape(slice(stamps, [{}, {}, { start: field, size: 1 }]), [batch, length])
        return add(sum, embedding(column, context.parameter(name)))
      }, embeddings)
    },
  }
}
