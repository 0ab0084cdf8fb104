import fc from 'fast-check'
import { expect, test } from 'vitest'
import { laplacianEigenvectors } from './laplacian-eigenvectors.ts'
import { symmetricEigenvectors } from './symmetric-eigenvectors.ts'

const weighted = [
  [0, 1, 1, 0, 0],
  [1, 0, 2, 0, 0],
  [1, 2, 0, 1, 0],
  [0, 0, 1, 0, 1],
  [0, 0, 0, 1, 0],
]

test('they are those of numpy', () => {
  // L = np.eye(5) - A / np.sqrt(np.outer(d, d)); w, v = np.linalg.eigh(L); v[:, 1:4], with the largest element positive.
  const wanted = [
    -0.3241379916135414, 0.8010065288085559, -0.28867513459481253, -0.3623249211006813, -0.16825891416448774,
    0.7071067811865471, -0.1812634302738231, -0.479699038501411, -0.4082482904638632, 0.5804831930690538,
    -0.12260964270252629, -0.2886751345948134, 0.6275651721947666, 0.2914329881592624, 0.4082482904638635,
  ]
  for (const [index, value] of laplacianEigenvectors(weighted, 3).entries())
    expect(value).toBeCloseTo(wanted[index]!, 10)
})

test('graphs with fewer nodes are filled up with zeros', () => {
  const half = Math.SQRT1_2
  const two = laplacianEigenvectors(
    [
      [0, 1],
      [1, 0],
    ],
    2,
  )
  for (const [index, value] of [half, 0, -half, 0].entries()) expect(two[index]).toBeCloseTo(value, 12)
  expect([...laplacianEigenvectors([[0]], 2)]).toEqual([0, 0])
})

test('eigenvectors of any symmetric matrix have length 1, are at right angles, and are only stretched', () => {
  const element = fc.double({ min: -5, max: 5, noNaN: true })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.array(element, { minLength: 36, maxLength: 36 }),
      (size, elements) => {
        const matrix = Float64Array.from({ length: size * size }, (_, index) => {
          const [row, column] = [Math.floor(index / size), index % size]
          return elements[Math.min(row, column) * 6 + Math.max(row, column)]!
        })
        const { values, vectors } = symmetricEigenvectors(matrix, size)
        expect([...values]).toEqual([...values].toSorted((a, b) => a - b))
        for (let a = 0; a < size; a++) {
          for (let row = 0; row < size; row++) {
            let product = 0
            for (let column = 0; column < size; column++)
              product += matrix[row * size + column]! * vectors[column * size + a]!
            expect(Math.abs(product - values[a]! * vectors[row * size + a]!)).toBeLessThan(1e-9)
          }
          for (let b = 0; b < size; b++) {
            let product = 0
            for (let row = 0; row < size; row++)
              product += vectors[row * size + a]! * vectors[row * size + b]!
            expect(Math.abs(product - (a === b ? 1 : 0))).toBeLessThan(1e-9)
          }
        }
      },
    ),
  )
})

test('adjacencies that are none are errors', () => {
  expect(() => laplacianEigenvectors([[0, 1]], 1)).toThrow(
    "laplacianEigenvectors: 'adjacency' has the row 0 [0, 1], expected 1 rows of 1 numbers from 0 on. " +
      'Give one row per node, with 0 where there is no edge.',
  )
  const oneWay = [
    [0, 1],
    [0, 0],
  ]
  expect(() => laplacianEigenvectors(oneWay, 1)).toThrow(
    "laplacianEigenvectors: 'adjacency' has 1 from node 0 to 1, and 0 back, expected edges that go both ways.",
  )
  expect(() => laplacianEigenvectors([[0]], 0)).toThrow("'count' is 0, expected a whole number of at least 1")
})
