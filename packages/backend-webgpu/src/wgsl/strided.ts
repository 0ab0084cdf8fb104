import type { Scalar } from '../commands/program.ts'
import type { MergedAxes } from '../merge-axes.ts'

type Parameter = readonly [name: string, type: Scalar]

/** Parameters for a walk over merged axes, of which the operands have their own strides and offsets. */
export function walkParameters(rank: number, operands: readonly string[]): readonly Parameter[] {
  return [
    ...Array.from({ length: rank }, (_, axis): Parameter => [`length${axis}`, 'u32']),
    ...operands.flatMap((operand): readonly Parameter[] => [
      [`${operand}Offset`, 'i32'],
      ...Array.from({ length: rank }, (_, axis): Parameter => [`${operand}Stride${axis}`, 'i32']),
    ]),
  ]
}

/** The values of `walkParameters`. */
export function walkValues({ shape, strides }: MergedAxes, offsets: readonly number[]): readonly number[] {
  return [...shape, ...strides.flatMap((own, operand) => [offsets[operand]!, ...own])]
}

/** Declares `<operand>At`, where each operand has the element number `index` of the walk. */
export function walkCode(rank: number, operands: readonly string[], index = 'index'): string {
  const lines = operands.map((operand) => `  var ${operand}At = parameters.${operand}Offset;`)
  if (rank > 0) lines.push(`  var rest = ${index};`)
  for (let axis = rank - 1; axis >= 0; axis--) {
    const place = axis === 0 ? 'rest' : `rest % parameters.length${axis}`
    lines.push(`  let place${axis} = i32(${place});`)
    if (axis > 0) lines.push(`  rest /= parameters.length${axis};`)
    for (const operand of operands)
      lines.push(`  ${operand}At += place${axis} * parameters.${operand}Stride${axis};`)
  }
  return lines.join('\n')
}
