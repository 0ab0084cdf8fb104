import { concat, createReferenceBackend, Device, slice, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { rotaryInputs } from '../../testing/rotary-oracle.test-helper.ts'
import {
  type AttentionPart,
  attendProjections,
  causal,
  compose,
  none,
  noMask,
  rope,
  scaledDot,
} from '../../index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const inputs = rotaryInputs(device, { length: 4, headSize: 4, frequencies: [] })

/** The positions one further, the last one first. */
function moved(x: Tensor): Tensor {
  return concat([slice(x, [{}, {}, { start: 3 }]), slice(x, [{}, {}, { size: 3 }])], { axis: 2 })
}

/** What is wrong with the claim that another order of the inputs gives the same outputs in that order. */
function orderMatters(parts: readonly AttentionPart[]): string | null {
  const run = (change: (x: Tensor) => Tensor): Tensor =>
    attendProjections(
      compose([scaledDot(), ...parts]),
      { query: change(inputs.query), key: change(inputs.key), value: change(inputs.value) },
      { mask: noMask },
    )
  const wanted = [...moved(run((x) => x)).readSync()]
  return mismatch([...run(moved).readSync()], wanted, { absolute: 1e-12, relative: 1e-12 })
}

test('without a mask the order of the inputs means nothing', () => {
  expect(orderMatters([none()])).toBeNull()
  expect(orderMatters([rope()])).not.toBeNull()
})

test('with causal it does', () => {
  expect(orderMatters([none(), causal()])).not.toBeNull()
})

test('a config says it by name', () => {
  expect(compose([scaledDot(), none()]).describe()).toEqual(['scaled-dot', 'none'])
  expect(compose([scaledDot(), none()]).unfusable).toBeUndefined()
})
