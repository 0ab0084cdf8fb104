import { createReferenceBackend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { scoreInputs } from '../../testing/score-inputs.test-helper.ts'
import {
  type AttentionPart,
  attendProjections,
  compose,
  noMask,
  scaledDot,
  sigmoid,
  softmax,
} from '../../index.ts'

function weights(parts: readonly AttentionPart[], tapped: boolean): ArrayLike<number> {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  return attendProjections(compose(parts), scoreInputs([[0, Math.log(3)]])(device), {
    mask: noMask,
    ...(tapped && { tap: (_, tensor) => tensor }),
  }).readSync()
}

test.each([false, true])('exponentials 1 and 3 give a quarter and three (stage by stage: %s)', (tapped) => {
  const [first, second] = Array.from(weights([scaledDot(), softmax()], tapped))
  expect(first).toBeCloseTo(0.25, 12)
  expect(second).toBeCloseTo(0.75, 12)
})

test('it is what happens without a normaliser, fused as well', () => {
  expect(compose([scaledDot(), softmax()]).unfusable).toBeUndefined()
  expect(weights([scaledDot(), softmax()], false)).toEqual(weights([scaledDot()], false))
})

test('it takes the slot, which a part that does nothing leaves free', () => {
  expect(() => compose([scaledDot(), softmax(), sigmoid()])).toThrow(
    "compose: 'normalize' claimed by 'softmax' and 'sigmoid', expected one owner per slot. Keep one of them.",
  )
  const nothing: AttentionPart = { name: 'softmax', source: 'none' }
  expect(() => compose([scaledDot(), nothing, sigmoid()])).not.toThrow()
})
