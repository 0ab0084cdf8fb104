import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rotaryInputs, rotaryOutputs } from '../../testing/rotary-oracle.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { compose, rope, type RopeScaling, scaledFrequencies } from '../../index.ts'
import type { PartSizes } from '../../part.ts'

const sizes: PartSizes = { width: 10, heads: 2, keyHeads: 2, headSize: 5, maximumLength: 7 }
const createTable = (part: ReturnType<typeof rope>, headSize: number): readonly number[] =>
  part.buffers!['cosines']!.create({ ...sizes, headSize }).shape

testIdea(() => rope({ base: 100 }), {
  test,
  ideas: [
    {
      title: 'pairs of columns are complex numbers that turn by 100^(-2c / 6) per position',
      inputs: (device) => rotaryInputs(device, { length: 5, headSize: 6, frequencies: [] }),
      expected: () =>
        rotaryOutputs({ length: 5, headSize: 6, frequencies: [1, 100 ** (-1 / 3), 100 ** (-2 / 3)] }),
    },
  ],
})

testIdea(() => rope({ rotarySize: 4 }), {
  test,
  ideas: [
    {
      title: 'an odd last column stays as it is where the rotary size says so',
      inputs: (device) => rotaryInputs(device, { length: 4, headSize: 5, frequencies: [] }),
      expected: () => rotaryOutputs({ length: 4, headSize: 5, frequencies: [1, 0.01] }),
    },
  ],
})

test('an odd head size is an error unless a rotary size is given', () => {
  expect(() => createTable(rope(), 5)).toThrow(
    "rope: 'headSize' is 5, expected an even number. " +
      'Columns turn in pairs: change the head size, or give `rotarySize: 4` to leave the last one as it is.',
  )
  expect(createTable(rope({ rotarySize: 4 }), 5)).toEqual([7, 2])
  expect(createTable(rope(), 4)).toEqual([7, 2])
})

test('for any head size and rotary size there is a table, or one sentence', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.option(fc.integer({ min: -2, max: 14 })),
      (headSize, wanted) => {
        const part = rope(wanted === null ? {} : { rotarySize: wanted })
        const size = wanted ?? headSize
        const fits = size % 2 === 0 && size >= 0 && size <= headSize
        let shape: readonly number[] = []
        let message = ''
        try {
          shape = createTable(part, headSize)
        } catch (error) {
          message = (error as Error).message
        }
        expect(shape).toEqual(fits ? [7, size / 2] : [])
        expect(message).toMatch(
          fits ? /^$/ : /^rope: '(headSize|rotarySize)' is -?\d+, expected an even number/,
        )
      },
    ),
  )
})

test.each<[RopeScaling, string]>([
  [{ kind: 'linear', factor: 0.5 }, "rope: 'factor' is 0.5, expected a number of at least 1."],
  [{ kind: 'ntk', factor: Number.NaN }, "rope: 'factor' is NaN, expected a number of at least 1."],
  [{ kind: 'dynamic-ntk', originalLength: 0 }, "rope: 'originalLength' is 0, expected a number above 0."],
  [
    { kind: 'none' } as never,
    "rope: 'scaling.kind' is 'none', expected 'linear', 'ntk', 'dynamic-ntk', 'yarn', 'longrope' or 'llama3'. Check the spelling.",
  ],
])('a scaling that means nothing is an error: %o', (scaling, message) => {
  expect(() => rope({ scaling })).toThrow(message)
})

test.each([{ base: 0 }, { base: -1 }, { positionScale: Number.NaN }])('%o is an error', (options) => {
  expect(() => rope(options)).toThrow(/^rope: '(base|positionScale)' is .*, expected a number above 0/)
})

test('a pairing that there is not is an error', () => {
  expect(() => rope({ pairing: 'odd' as never })).toThrow(
    "rope: 'pairing' is 'odd', expected 'halves' or 'neighbors'.",
  )
})

test('a scaling as an option is the part of that name, and is kept in the description', () => {
  const scaling: RopeScaling = { kind: 'yarn', factor: 4 }
  expect(compose([rope({ scaling })]).describe()).toEqual([{ part: 'rope', options: { scaling } }])
  const { frequencies, attentionFactor } = scaledFrequencies(scaling, {
    rotarySize: 4,
    base: 10000,
    maximumLength: 7,
  })
  expect(frequencies).toHaveLength(2)
  expect(attentionFactor).toBeCloseTo(0.1 * Math.log(4) + 1, 12)
})

test('nothing can be cached where angles depend on the length', () => {
  expect(compose([rope({ scaling: { kind: 'dynamic-ntk' } })]).uncacheable).toBe(
    "'rope' needs every position at once",
  )
  expect(compose([rope({ scaling: { kind: 'yarn' } })]).uncacheable).toBeUndefined()
})
