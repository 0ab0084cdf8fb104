import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { valueAndGrad } from '../autograd/value-and-grad.ts'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { mismatch } from '../conformance/matchers.ts'
import { Device } from '../device.ts'
import { einsum } from './einsum.ts'
import { sum } from './sum.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))

/** The definition: one loop over all assignments of all letters. */
function naiveEinsum(
  operands: readonly string[],
  output: string,
  lengths: Readonly<Record<string, number>>,
  data: readonly (readonly number[])[],
): number[] {
  const letters = [...new Set(operands.join(''))]
  const flatIndex = (term: string, values: Readonly<Record<string, number>>): number =>
    [...term].reduce((index, letter) => index * lengths[letter]! + values[letter]!, 0)
  const result = new Array<number>([...output].reduce((size, letter) => size * lengths[letter]!, 1)).fill(0)
  const visit = (depth: number, values: Record<string, number>): void => {
    const letter = letters[depth]
    if (letter === undefined) {
      const product = operands.reduce(
        (total, term, index) => total * data[index]![flatIndex(term, values)]!,
        1,
      )
      result[flatIndex(output, values)]! += product
      return
    }
    for (let value = 0; value < lengths[letter]!; value++) visit(depth + 1, { ...values, [letter]: value })
  }
  visit(0, {})
  return result
}

const lengths = { a: 2, b: 3, c: 1, d: 2, e: 3 }
const term = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 4 })
  .map((letters) => letters.join(''))

/** Operands, and a result that names some of their letters in some order. */
const equations = fc.array(term, { minLength: 1, maxLength: 3 }).chain((operands) => {
  const letters = [...new Set(operands.join(''))]
  return fc.record({
    operands: fc.constant(operands),
    output: fc.shuffledSubarray(letters).map((chosen) => chosen.join('')),
  })
})

describe('einsum', () => {
  test('equals the sum over all indices, for any equation', () => {
    fc.assert(
      fc.property(equations, ({ operands, output }) => {
        device.scoped(() => {
          const shapes = operands.map((letters) => [...letters].map((letter) => lengths[letter as 'a']))
          const data = shapes.map((shape, position) =>
            Array.from(
              { length: shape.reduce((size, length) => size * length, 1) },
              (_, index) => Math.sin(index * 1.7 + position) + 0.1,
            ),
          )
          const tensors = data.map((values, index) =>
            device.tensor(Float64Array.from(values), { shape: shapes[index]! }),
          )
          const result = einsum(`${operands.join(',')}->${output}`, ...tensors)
          expect(result.shape).toEqual([...output].map((letter) => lengths[letter as 'a']))
          const wanted = naiveEinsum(operands, output, lengths, data)
          expect(mismatch(result.readSync(), wanted, { absolute: 1e-12, relative: 1e-12 })).toBeNull()
        })
      }),
      { numRuns: 300 },
    )
  })

  test('broadcasts the axes of an ellipsis and puts them first in an implicit result', () => {
    const a = device.tensor([[[1, 2]], [[3, 4]]]) // [2, 1, 2]
    const b = device.tensor([
      [1, 10],
      [2, 20],
      [3, 30],
    ]) // [3, 2]
    const result = einsum('...i,...i', a, b)
    expect(result.shape).toEqual([2, 3])
    expect([...result.readSync()]).toEqual([21, 42, 63, 43, 86, 129])
    expect([...einsum('...i->i...', b).readSync()]).toEqual([1, 2, 3, 10, 20, 30])
  })

  test('without an arrow keeps the letters that occur once, in alphabetical order', () => {
    const x = device.tensor([
      [1, 2],
      [3, 4],
    ])
    expect([...einsum('ba', x).readSync()]).toEqual([1, 3, 2, 4])
    expect(einsum('ii', x).readSync()[0]).toBe(5)
    expect(einsum('ij,jk', x, x).shape).toEqual([2, 2])
  })

  test('passes gradients through diagonals, which are where they were', () => {
    const x = device.tensor([
      [1, 2],
      [3, 4],
    ])
    const { gradients } = valueAndGrad(() => sum(einsum('ii->i', x)), [x])
    expect([...gradients[0]!.readSync()]).toEqual([1, 0, 0, 1])
  })

  test('says what is wrong with an equation', () => {
    const x = device.tensor([
      [1, 2],
      [3, 4],
    ])
    expect(() => einsum('ij,jk->ik', x)).toThrow(
      "'equation' 'ij,jk->ik' has 2 terms, expected one term for each of the 1",
    )
    expect(() => einsum('ijk', x)).toThrow(
      "'tensor 0' has shape [2, 2], expected an axis for each label of its term 'ijk'",
    )
    expect(() => einsum('ij->ik', x)).toThrow("has 'k' in its result only")
    expect(() => einsum('ij->ii', x)).toThrow("has 'i' twice in its result")
    expect(() => einsum('i1->i', x)).toThrow("has '1' as a label")
    expect(() => einsum('i......->i', x)).toThrow('has two ellipses in term')
    expect(() => einsum('i->j->k', x)).toThrow('has 2 arrows')
    expect(() => einsum('ij,jk->ik', x, device.tensor([[1], [2], [3]]))).toThrow(
      "'tensor 1' has shape [3, 1], expected length 2 along axis 0, like the other axes with label 'j'",
    )
    expect(() => einsum('')).toThrow("'tensors' is empty")
  })
})
