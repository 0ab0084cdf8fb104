import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainJsonText } from './plain-json.ts'

const write = (value: unknown): string => plainJsonText(value, 'writeCheckpoint', 'state.json')

describe('plainJsonText', () => {
  it('is undone by JSON.parse, -0 and odd keys included', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(JSON.parse(write(value))).toEqual(value)
      }),
    )
    const state = { rate: -0, tiny: 5e-324, large: 1e21, list: [0.1, -1.5], none: null, text: '\ud800"\n' }
    expect(JSON.parse(write(state))).toEqual(state)
    expect(write(JSON.parse('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}')
  })

  it('allows the same part twice, which is not a circle', () => {
    const shared = { a: 1 }
    expect(write([shared, shared])).toBe('[{"a":1},{"a":1}]')
  })

  const circle: unknown[] = []
  circle.push(circle)
  it.each<[title: string, value: unknown, message: string]>([
    [
      'NaN',
      { best: Number.NaN },
      'state.best of state.json is NaN, expected strings, finite numbers, booleans, null, lists and plain objects. Store null or a string instead.',
    ],
    ['Infinity', { best: [1, Number.POSITIVE_INFINITY] }, 'state.best[1] of state.json is Infinity'],
    ['undefined', undefined, 'state of state.json is undefined'],
    ['an undefined field', { a: undefined }, 'state.a of state.json is undefined'],
    ['a hole', Object.assign([1], { 2: 3 }), 'state[1] of state.json is undefined'],
    [
      'a bigint',
      { seed: 1n },
      'state.seed of state.json is a bigint, expected strings, finite numbers, booleans, null, lists and plain objects. Store it as a string.',
    ],
    ['a function', { log: () => 1 }, 'state.log of state.json is a function'],
    ['a date', { at: new Date() }, 'state.at of state.json is a Date'],
    ['a map', { names: new Map() }, 'state.names of state.json is a Map'],
    ['a typed array', { data: Float32Array.of(1) }, 'state.data of state.json is a Float32Array'],
    ['a circle', circle, 'state[0] of state.json contains itself'],
  ])('refuses what JSON would change or drop: %s', (_, value, message) => {
    expect(() => write(value)).toThrow(`writeCheckpoint: ${message}`)
  })
})
