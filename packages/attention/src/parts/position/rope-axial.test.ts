import { createReferenceBackend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { rotaryInputs, scoredOutputs } from '../../testing/rotary-oracle.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, compose, noMask, ropeAxial, scaledDot } from '../../index.ts'

const sizes = { length: 6, headSize: 8 }

/** The real part of `a · conj(b) · e^(i · angle)` for two columns of each. */
function turnedProduct(
  a: readonly number[],
  b: readonly number[],
  x: number,
  y: number,
  angle: number,
): number {
  const real = a[x]! * b[x]! + a[y]! * b[y]!
  const imaginary = a[y]! * b[x]! - a[x]! * b[y]!
  return real * Math.cos(angle) - imaginary * Math.sin(angle)
}

/** Columns 0 to 3 turn by the distance in rows, 4 to 7 by that in columns, at frequencies 100^0 and 100^(-1/2). */
function score(pairs: readonly (readonly [number, number])[], leading: number) {
  return (query: readonly number[], key: readonly number[], i: number, j: number): number => {
    const cell = (position: number): readonly [number, number] => {
      const index = Math.max(0, position - leading)
      return [Math.floor(index / 3), index % 3]
    }
    const [rows, columns] = [cell(i)[0] - cell(j)[0], cell(i)[1] - cell(j)[1]]
    let total = 0
    for (const [index, [x, y]] of pairs.entries()) {
      const frequency = index % 2 === 0 ? 1 : 0.1
      total += turnedProduct(query, key, x, y, (index < 2 ? rows : columns) * frequency)
    }
    return total / Math.sqrt(8)
  }
}

const halves = [
  [0, 2],
  [1, 3],
  [4, 6],
  [5, 7],
] as const
const neighbors = [
  [0, 1],
  [2, 3],
  [4, 5],
  [6, 7],
] as const

testIdea(() => ropeAxial({ grid: [2, 3] }), {
  test,
  ideas: [
    {
      title: 'products depend on the distances in rows and in columns',
      inputs: (device) => rotaryInputs(device, { ...sizes, frequencies: [] }),
      expected: () => scoredOutputs(sizes, score(halves, 0)),
    },
  ],
})

testIdea(() => ropeAxial({ grid: [2, 3], leading: 1, pairing: 'neighbors' }), {
  test,
  ideas: [
    {
      title: 'a class token is not turned, and neighbouring columns pair',
      inputs: (device) => rotaryInputs(device, { ...sizes, frequencies: [] }),
      expected: () => scoredOutputs(sizes, score(neighbors, 1)),
    },
  ],
})

test('the grid is the smallest square for the maximum length unless said', () => {
  const create = (maximumLength: number): readonly number[] =>
    ropeAxial().buffers!['rowSines']!.create({ width: 8, heads: 1, keyHeads: 1, headSize: 8, maximumLength })
      .shape
  expect(create(9)).toEqual([9, 2])
  expect(create(10)).toEqual([16, 2])
})

test('sizes that do not fit are errors', () => {
  const device = new Device(createReferenceBackend())
  const run = (length: number, headSize: number): unknown =>
    attendProjections(
      compose([scaledDot(), ropeAxial({ grid: [2, 2] })]),
      rotaryInputs(device, { length, headSize, frequencies: [] }),
      { mask: noMask },
    )
  expect(() => run(4, 6)).toThrow(
    "rope-axial: 'headSize' is 6, expected a multiple of 4. Pairs of columns turn by the row, and as many by the column: change the head size.",
  )
  expect(() => run(5, 4)).toThrow(
    "rope-axial: 'query' reaches position 4, expected positions below 4, for 0 leading ones and a grid of 2 x 2.",
  )
})

test('options that mean nothing are errors', () => {
  expect(() => ropeAxial({ grid: [0, 3] })).toThrow(
    "rope-axial: 'grid' is [0, 3], expected rows and columns, two positive whole numbers. " +
      'Write `grid: [14, 14]` for 14 rows of 14.',
  )
  expect(() => ropeAxial({ leading: -1 })).toThrow(
    "rope-axial: 'leading' is -1, expected a whole number of at least 0.",
  )
  expect(() => ropeAxial({ base: 0 })).toThrow("rope-axial: 'base' is 0, expected a number above 0.")
})
