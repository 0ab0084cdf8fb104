import { formatShape } from '@qkv/tensor'
import { Buffer } from './buffer.ts'
import { Parameter } from './parameter.ts'

/** A text table of paths, shapes and numbers of elements, with the total of the parameters below. */
export function summarize(entries: ReadonlyMap<string, Parameter | Buffer>, title: string): string {
  const rows = [...entries].map(([path, entry]) => [
    path,
    formatShape(entry.shape),
    entry.size.toLocaleString('en-US'),
    remarkOf(entry),
  ])
  const parameters = [...entries.values()].filter((entry) => entry instanceof Parameter)
  const total = parameters.reduce((sum, { size }) => sum + size, 0)
  const trained = parameters.reduce((sum, { size, trainable }) => sum + (trainable ? size : 0), 0)
  const table = [
    [title, 'shape', 'count', ''],
    ...rows,
    ['parameters', '', total.toLocaleString('en-US'), ''],
    ...(trained === total ? [] : [['of these trained', '', trained.toLocaleString('en-US'), '']]),
  ]
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]!.length)))
  return table
    .map(([path, shape, count, remark]) =>
      `${path!.padEnd(widths[0]!)}  ${shape!.padEnd(widths[1]!)}  ${count!.padStart(widths[2]!)}  ${remark}`.trimEnd(),
    )
    .join('\n')
}

function remarkOf(entry: Parameter | Buffer): string {
  if (entry instanceof Buffer) return entry.persistent ? 'buffer' : 'buffer, not saved'
  return entry.trainable ? '' : 'frozen'
}
