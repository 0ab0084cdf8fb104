import { slice, type Tensor } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'
import type { BufferDeclaration, PartSizes } from '../part.ts'
import { checkPositions } from '../positions/check-positions.ts'
import { type RotaryTable, rotaryTable } from '../positions/rotary-table.ts'
import { rotate } from '../positions/rotate.ts'

/** The tables of `turnRows`: the angles of every position, for so many columns. */
export function rotaryBuffers(
  rotarySize: (sizes: PartSizes) => number,
  base: number,
): Readonly<Record<keyof RotaryTable, BufferDeclaration>> {
  const buffer = (name: keyof RotaryTable): BufferDeclaration => ({
    owner: 'attention',
    persistent: false,
    create(sizes) {
      const columns = rotarySize(sizes)
      const positions = Array.from({ length: sizes.maximumLength }, (_, position) => position)
      const table = rotaryTable(positions, { rotarySize: columns, base })
      return { shape: [sizes.maximumLength, columns / 2], data: table[name] }
    },
  })
  return { cosines: buffer('cosines'), sines: buffer('sines') }
}

/** Turns neighboring columns of rows `[batch, heads, length, columns]`, the first of them at position `start`. */
export function turnRows(
  context: AttentionContext,
  name: { readonly part: string; readonly argument: string },
  rows: Tensor,
  start: number,
): Tensor {
  const length = rows.shape[2]!
  const { maximumLength } = context
  checkPositions(name.part, name.argument, { start, length, maximumLength })
  const table = (table: keyof RotaryTable): Tensor => slice(context.buffer(table), [{ start, size: length }])
  return rotate(rows, table('cosines'), table('sines'), 'neighbors')
}
