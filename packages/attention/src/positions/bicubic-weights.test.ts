import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bicubicWeights } from './bicubic-weights.ts'

test('downwards on both axes it is interpolate of PyTorch', () => {
  // x = torch.tensor([math.sin((i + 1) * 1.7) for i in range(20)], dtype=torch.float64).reshape(1, 1, 5, 4)
  // torch.nn.functional.interpolate(x, size=(2, 3), mode='bicubic', align_corners=False)
  const wanted = [
    0.6785037785520079, -0.931523476548858, 0.5436197649673878, -0.38769667945706293, -0.29266315966540546,
    0.7716596677791401,
  ]
  const [rows, columns] = [bicubicWeights(5, 2), bicubicWeights(4, 3)]
  for (const [index, number] of wanted.entries()) {
    const [row, column] = [Math.floor(index / 3), index % 3]
    let got = 0
    for (let cell = 0; cell < 20; cell++) {
      const weight = rows[row * 5 + Math.floor(cell / 4)]! * columns[column * 4 + (cell % 4)]!
      got += weight * Math.sin((cell + 1) * 1.7)
    }
    expect(got).toBeCloseTo(number, 12)
  }
})

test('weights of any two lengths add up to 1, and are those of the points themselves where nothing changes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (from, to) => {
      const weights = bicubicWeights(from, to)
      for (let row = 0; row < to; row++) {
        const total = weights.subarray(row * from, (row + 1) * from).reduce((sum, weight) => sum + weight, 0)
        expect(total).toBeCloseTo(1, 12)
      }
      const same = [...bicubicWeights(from, from)]
      expect(same).toEqual(same.map((_, index) => (index % (from + 1) === 0 ? 1 : 0)))
    }),
  )
})
