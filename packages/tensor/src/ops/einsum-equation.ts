import { ArgumentError } from '../errors/argument-error.ts'
import { ShapeError } from '../errors/shape-error.ts'
import { formatShape } from '../shape.ts'

/** An einsum equation applied to shapes. Axes of an ellipsis are labelled '.-1', '.-2' and so on, from the last. */
export interface EinsumEquation {
  /** A label per axis of each operand. */
  readonly operands: readonly (readonly string[])[]
  /** A label per axis of the result. */
  readonly output: readonly string[]
  /** The length of the axes with each label. */
  readonly lengths: ReadonlyMap<string, number>
}

/** Reads an equation such as `bij,bjk->bik` or `...ij,jk`; throws an `ArgumentError` or a `ShapeError`. */
export function parseEinsum(equation: string, shapes: readonly (readonly number[])[]): EinsumEquation {
  const sides = equation.replaceAll(' ', '').split('->')
  if (sides.length > 2) fail(equation, `has ${sides.length - 1} arrows`, 'one arrow at most')
  const terms = sides[0]!.split(',')
  if (terms.length !== shapes.length) {
    fail(equation, `has ${terms.length} terms`, `one term for each of the ${shapes.length} tensors`)
  }
  const operands = terms.map((term, index) => labelAxes(equation, term, index, shapes[index]!))
  const lengths = new Map<string, number>()
  operands.forEach((labels, index) => collectLengths(equation, labels, shapes[index]!, index, lengths))
  const output =
    sides[1] === undefined ? implicitOutput(operands) : explicitOutput(equation, sides[1], lengths)
  return { operands, output, lengths }
}

function labelAxes(
  equation: string,
  term: string,
  index: number,
  shape: readonly number[],
): readonly string[] {
  const [before, after, ...rest] = term.split('...')
  if (rest.length > 0) fail(equation, `has two ellipses in term '${term}'`, 'one at most')
  const leading = lettersOf(equation, before!)
  const trailing = lettersOf(equation, after ?? '')
  const covered = shape.length - leading.length - trailing.length
  if (after === undefined ? covered !== 0 : covered < 0) {
    throw new ShapeError({
      operation: 'einsum',
      argument: `tensor ${index}`,
      got: `has shape ${formatShape(shape)}`,
      expected: `an axis for each label of its term '${term}' in '${equation}'`,
      fix: "Write one letter per axis, or '...' for those that are not named.",
    })
  }
  return [...leading, ...Array.from({ length: covered }, (_, axis) => `.${axis - covered}`), ...trailing]
}

function lettersOf(equation: string, text: string): readonly string[] {
  for (const letter of text) {
    if (!/[A-Za-z]/.test(letter)) fail(equation, `has '${letter}' as a label`, "letters, '...', ',' and '->'")
  }
  return text.split('')
}

function collectLengths(
  equation: string,
  labels: readonly string[],
  shape: readonly number[],
  index: number,
  lengths: Map<string, number>,
): void {
  labels.forEach((label, axis) => {
    const length = shape[axis]!
    const known = lengths.get(label) ?? length
    const broadcasts = label.startsWith('.') && (known === 1 || length === 1)
    if (known !== length && !broadcasts) {
      throw new ShapeError({
        operation: 'einsum',
        argument: `tensor ${index}`,
        got: `has shape ${formatShape(shape)}`,
        expected: `length ${known} along axis ${axis}, like the other axes with label '${label}' in '${equation}'`,
        fix: 'Check the order of the letters.',
      })
    }
    lengths.set(label, known === 1 ? length : known)
  })
}

/** As in NumPy: the axes of the ellipsis, then the letters that occur once, in alphabetical order. */
function implicitOutput(operands: readonly (readonly string[])[]): readonly string[] {
  const all = operands.flat()
  const once = all.filter((label) => !label.startsWith('.') && all.indexOf(label) === all.lastIndexOf(label))
  return [...ellipsisOf(all), ...once.toSorted()]
}

function explicitOutput(
  equation: string,
  term: string,
  lengths: ReadonlyMap<string, number>,
): readonly string[] {
  const [before, after, ...rest] = term.split('...')
  if (rest.length > 0) fail(equation, 'has two ellipses in its result', 'one at most')
  const letters = [lettersOf(equation, before!), lettersOf(equation, after ?? '')]
  const all = letters.flat()
  all.forEach((label, axis) => {
    if (!lengths.has(label)) fail(equation, `has '${label}' in its result only`, 'labels of the operands')
    if (all.indexOf(label) !== axis) fail(equation, `has '${label}' twice in its result`, 'each label once')
  })
  return after === undefined ? all : [...letters[0]!, ...ellipsisOf([...lengths.keys()]), ...letters[1]!]
}

function ellipsisOf(labels: readonly string[]): readonly string[] {
  const distinct = [...new Set(labels.filter((label) => label.startsWith('.')))]
  return distinct.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
}

function fail(equation: string, problem: string, expected: string): never {
  throw new ArgumentError({
    operation: 'einsum',
    argument: 'equation',
    got: `'${equation}' ${problem}`,
    expected,
    fix: "Write it like 'bij,bjk->bik': a letter per axis, repeated where axes are matched, left out where summed.",
  })
}
