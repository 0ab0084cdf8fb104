import { expect, test } from 'vitest'
import { randomWalkLandings } from './random-walk-landings.ts'

test('they are diagonals of powers, as in numpy', () => {
  // P = A / A.sum(1)[:, None]; np.stack([np.diag(np.linalg.matrix_power(P, s)) for s in (1, 2, 3)], 1)
  const weighted = [
    [0, 1, 1, 0, 0],
    [1, 0, 2, 0, 0],
    [1, 2, 0, 1, 0],
    [0, 0, 1, 0, 1],
    [0, 0, 0, 1, 0],
  ]
  const [two, three] = [0.29166666666666663, 0.16666666666666666]
  const wanted = [0, two, three, 0, 0.5, three, 0, 0.5833333333333333, three, 0, 0.625, 0, 0, 0.5, 0]
  for (const [index, landing] of randomWalkLandings(weighted, 3).entries())
    expect(landing).toBeCloseTo(wanted[index]!, 12)
})

test('a node without edges is never come back to, and a loop always', () => {
  const graph = [
    [0, 0],
    [0, 1],
  ]
  expect([...randomWalkLandings(graph, 2)]).toEqual([0, 0, 1, 1])
})

test('adjacencies that are none are errors', () => {
  expect(() => randomWalkLandings([[-1]], 1)).toThrow("randomWalkLandings: 'adjacency' has the row 0 [-1]")
  expect(() => randomWalkLandings([[1]], 0)).toThrow("randomWalkLandings: 'steps' is 0")
})
