import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Heap } from './heap.ts'

test('values come out in order, also while others go in', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer(), { nil: undefined })), (steps) => {
      const heap = new Heap<number>((a, b) => a < b)
      let model: number[] = []
      const got: (number | undefined)[] = []
      const want: (number | undefined)[] = []
      for (const step of [...steps, ...steps.map(() => undefined)]) {
        if (step === undefined) {
          got.push(heap.pop())
          want.push(model.shift())
        } else {
          heap.push(step)
          model = [...model, step].toSorted((a, b) => a - b)
        }
      }
      expect(got).toEqual(want)
    }),
  )
})
