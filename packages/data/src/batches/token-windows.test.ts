import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTokenWindows } from './token-windows.ts'

const text = Array.from({ length: 103 }, (_, index) => index + 10)
const options = { length: 8, windowsPerBatch: 3, seed: 1 } as const

describe('createTokenWindows', () => {
  test('gives the next token for every input token, without overlap', () => {
    const settings = fc.record({
      tokens: fc.integer({ min: 2, max: 120 }),
      length: fc.integer({ min: 1, max: 20 }),
      windowsPerBatch: fc.integer({ min: 1, max: 5 }),
      seed: fc.oneof(fc.nat(), fc.constant('in-order' as const)),
      epoch: fc.nat({ max: 5 }),
    })
    fc.assert(
      fc.property(settings, ({ tokens, length, windowsPerBatch, seed, epoch }) => {
        fc.pre(tokens > length)
        // Each token is its own position, so that a target is its input plus one.
        const ids = Array.from({ length: tokens }, (_, index) => index)
        const windows = createTokenWindows(ids, { length, windowsPerBatch, seed })
        const batches = [...windows.epoch(epoch)]
        const inputs = batches.flatMap(({ inputs }) => Array.from(inputs))
        const targets = batches.flatMap(({ targets }) => Array.from(targets))
        expect(targets).toEqual(inputs.map((id) => id + 1))
        expect(new Set(inputs).size).toBe(inputs.length)
        expect(inputs).toHaveLength(windows.windowsPerEpoch * length)
        expect(Math.max(...targets)).toBeLessThan(tokens)
        expect(windows.tokensLeftOut).toBe(tokens - 1 - inputs.length)
        expect(batches.map(({ shape }) => shape[0]).every((rows) => rows <= windowsPerBatch)).toBe(true)
      }),
    )
  })

  test('in order, predicts every token once but for the last few', () => {
    const windows = createTokenWindows(text, { ...options, seed: 'in-order' })
    const targets = [...windows.epoch(4)].flatMap(({ targets }) => Array.from(targets))
    expect(targets).toEqual(text.slice(1, 97))
    expect(windows.tokensLeftOut).toBe(6)
  })

  test('moves the cuts and the order with each epoch', () => {
    const windows = createTokenWindows(text, options)
    const starts = (epoch: number): number[] =>
      [...windows.epoch(epoch)].flatMap(({ inputs, shape }) =>
        Array.from({ length: shape[0] }, (_, row) => inputs[row * 8] ?? -1),
      )
    const [first, second] = [starts(0), starts(1)]
    expect(second).not.toEqual(first)
    expect(second.toSorted((a, b) => a - b)).not.toEqual(first.toSorted((a, b) => a - b))
    expect(first).not.toEqual(first.toSorted((a, b) => a - b))
  })

  test('continues from any position exactly as the uninterrupted run', () => {
    const uninterrupted = [0, 1, 2].flatMap((epoch) =>
      Array.from(createTokenWindows(text, options).epoch(epoch)),
    )
    for (const [index, { next }] of uninterrupted.slice(0, -4).entries()) {
      const resumed = createTokenWindows(text, options).batches(next)
      for (const expected of uninterrupted.slice(index + 1, index + 4))
        expect(resumed.next().value).toEqual(expected)
    }
  })

  test('refuses a text too short for a window', () => {
    expect(() => createTokenWindows([1, 2, 3, 4], { ...options, length: 4 })).toThrow(
      "createTokenWindows: 'ids' has 4 tokens, expected at least 5: one window of 4 and the token after it; " +
        "give a longer text, or a 'length' below 4.",
    )
  })

  test.each([
    ['length', { ...options, length: 0 }],
    ['windowsPerBatch', { ...options, windowsPerBatch: 1.5 }],
    ['seed', { ...options, seed: -3 }],
  ] as const)('refuses a bad %s', (argument, settings) => {
    expect(() => createTokenWindows(text, settings)).toThrow(`createTokenWindows: '${argument}' is `)
  })

  test('refuses what is no token id', () => {
    expect(() => createTokenWindows([1, -1, 3], { ...options, length: 1 })).toThrow(
      "'ids' has the token id -1 at index 1",
    )
  })
})
