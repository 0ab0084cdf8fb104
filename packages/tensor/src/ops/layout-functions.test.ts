import { describe, expect, test } from 'vitest'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import type { Tensor } from '../tensor.ts'
import { cumsum } from './cumsum.ts'
import { full } from './full.ts'
import { arange, iota } from './iota.ts'
import { oneHot } from './one-hot.ts'
import { repeatInterleave } from './repeat-interleave.ts'
import { roll } from './roll.ts'
import { split } from './split.ts'
import { squeeze } from './squeeze.ts'
import { stack } from './stack.ts'
import { tile } from './tile.ts'
import { tril, triu } from './tril.ts'
import { unsqueeze } from './unsqueeze.ts'

const device = new Device(createReferenceBackend())
const x = device.tensor([
  [1, 2, 3],
  [4, 5, 6],
])
const values = (tensor: Tensor): readonly number[] => [...tensor.readSync()]

describe('counting', () => {
  test('iota counts along one axis', () => {
    expect(values(iota(device, [2, 3]))).toEqual([0, 1, 2, 0, 1, 2])
    expect(values(iota(device, [2, 3], { axis: 0, start: 5, step: -2 }))).toEqual([5, 5, 5, 3, 3, 3])
    expect(iota(device, [2]).dtype).toBe('int32')
  })

  test('arange takes fractions as float32', () => {
    expect(values(arange(device, 3, { start: 0.5, step: 0.25, dtype: 'float32' }))).toEqual([0.5, 0.75, 1])
  })

  test('cumsum runs forwards and backwards', () => {
    expect(values(cumsum(x))).toEqual([1, 3, 6, 4, 9, 15])
    expect(values(cumsum(x, { axis: 0, reverse: true }))).toEqual([5, 7, 9, 4, 5, 6])
  })

  test('oneHot gives zeros for an index that is no class', () => {
    const indices = device.tensor(new Int32Array([2, 0, 3, -1]))
    expect(values(oneHot(indices, { classes: 3 }))).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    expect(oneHot(indices, { classes: 3, dtype: 'bool' }).dtype).toBe('bool')
  })
})

describe('triangles', () => {
  test('are of any dtype', () => {
    expect(values(tril(full(device, [2, 3], true)))).toEqual([1, 0, 0, 1, 1, 0])
    expect(values(triu(x, { diagonal: 1 }))).toEqual([0, 2, 3, 0, 0, 6])
    expect(tril(full(device, [2, 2], true)).dtype).toBe('bool')
  })

  test('need a matrix', () => {
    expect(() => tril(device.tensor([1]))).toThrow("tril: 'x' has shape [1], expected at least two axes")
  })
})

describe('axes', () => {
  test('unsqueeze adds one anywhere', () => {
    expect(unsqueeze(x, { axis: -1 }).shape).toEqual([2, 3, 1])
    expect(unsqueeze(x, { axis: 1 }).shape).toEqual([2, 1, 3])
    expect(() => unsqueeze(x, { axis: 4 })).toThrow("unsqueeze: 'axis' is 4")
  })

  test('squeeze removes those named, or all of length 1', () => {
    const y = unsqueeze(unsqueeze(x, { axis: 0 }), { axis: 0 })
    expect(squeeze(y).shape).toEqual([2, 3])
    expect(squeeze(y, { axis: 1 }).shape).toEqual([1, 2, 3])
    expect(() => squeeze(y, { axis: -1 })).toThrow("squeeze: 'axis' is 3, of length 3 in 'x' [1, 1, 2, 3]")
  })

  test('stack makes one, of equal shapes', () => {
    expect(stack([x, x], { axis: -1 }).shape).toEqual([2, 3, 2])
    expect(() => stack([x, device.tensor([1])])).toThrow('has shape [1, 1]')
    expect(() => stack([])).toThrow("stack: 'tensors' is empty")
  })
})

describe('parts', () => {
  test('split gives views of all parts', () => {
    expect(split(x, { sizes: [1, 0, 2] }).map((part) => values(part))).toEqual([[1, 4], [], [2, 3, 5, 6]])
    expect(() => split(x, { sizes: [1, 1] })).toThrow("split: 'sizes' is [1, 1], 2 together")
  })

  test('roll wraps around, by any number of steps', () => {
    expect(values(roll(x, { shift: 1, axis: 1 }))).toEqual([3, 1, 2, 6, 4, 5])
    expect(values(roll(x, { shift: [-4, 3], axis: [1, 0] }))).toEqual([5, 6, 4, 2, 3, 1])
    expect(() => roll(x, { shift: [1, 2], axis: 0 })).toThrow("roll: 'shift' is [1, 2]")
  })

  test('tile repeats the whole, repeatInterleave each slice', () => {
    expect(values(tile(device.tensor([1, 2]), [2, 2]))).toEqual([1, 2, 1, 2, 1, 2, 1, 2])
    expect(tile(x, [1, 0]).shape).toEqual([2, 0])
    expect(() => tile(x, [2])).toThrow("tile: 'repeats' is [2]")
    expect(values(repeatInterleave(x, { repeats: 2, axis: 0 }))).toEqual([1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6])
    expect(() => repeatInterleave(x, { repeats: -1, axis: 0 })).toThrow("repeatInterleave: 'repeats' is -1")
  })
})
