import { describe, expect, test } from 'vitest'
import { valueAndGrad } from '../../autograd/value-and-grad.ts'
import { createReferenceBackend } from '../../backend/reference/reference-backend.ts'
import { Device } from '../../device.ts'
import { mul } from '../mul.ts'
import { sum } from '../sum.ts'
import { attention } from './attention.ts'
import { type AttentionMask, maskTensor } from './mask.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))

function values(length: number, seed: number): number[] {
  return Array.from({ length }, (_, index) => Math.sin((index + 1) * 12.9898 * seed))
}

function kept(mask: AttentionMask, queryLength: number, keyLength: number, queryStart = 0): number[][] {
  const tensor = maskTensor(mask, { device, queryLength, keyLength, queryStart, tensors: [] })!
  const flat = [...tensor.readSync()]
  return Array.from({ length: queryLength }, (_, row) => flat.slice(row * keyLength, (row + 1) * keyLength))
}

test('a query without any key gives zeros, and passes no gradient', () => {
  const query = device.tensor(values(4, 1), { shape: [1, 1, 2, 2] })
  const key = device.tensor(values(6, 2), { shape: [1, 1, 3, 2] })
  const value = device.tensor(values(6, 3), { shape: [1, 1, 3, 2] })
  const keep = device.tensor([
    [
      [
        [false, false, false],
        [true, false, true],
      ],
    ],
  ])
  const attend = () =>
    attention(query, key, value, { mask: { kind: 'tensor', input: 0 }, masks: [keep] }).output
  expect([...attend().readSync()].slice(0, 2)).toEqual([0, 0])
  const { gradients } = valueAndGrad(() => {
    const output = attend()
    return sum(mul(output, output))
  }, [query, key, value])
  expect([...gradients[0]!.readSync()].slice(0, 2)).toEqual([0, 0])
  for (const gradient of gradients) expect([...gradient.readSync()].every(Number.isFinite)).toBe(true)
  expect([...gradients[1]!.readSync()].slice(2, 4)).toEqual([0, 0])
})

test('the worked example of three inputs', () => {
  const query = device.tensor([[[[1, 0, 2]]]])
  const key = device.tensor([
    [
      [
        [0, 1, 1],
        [4, 4, 0],
        [2, 3, 1],
      ],
    ],
  ])
  const rows = [
    [1, 2, 3],
    [2, 8, 0],
    [2, 6, 3],
  ]
  const value = device.tensor([[rows]])
  const { output, logSumExp } = attention(query, key, value, { mask: { kind: 'all' }, scale: 1 })
  const total = Math.exp(2) + 2 * Math.exp(4)
  const weights = [Math.exp(2) / total, Math.exp(4) / total, Math.exp(4) / total]
  for (const column of [0, 1, 2]) {
    const wanted = rows.reduce((sum, row, index) => sum + weights[index]! * row[column]!, 0)
    expect(output.readSync()[column]).toBeCloseTo(wanted, 12)
  }
  expect(output.readSync()[1]).toBeCloseTo(6.6831, 4)
  expect(logSumExp.readSync()[0]).toBeCloseTo(Math.log(total), 12)
})

describe('masks as data', () => {
  test('causal counts cached keys', () => {
    expect(kept({ kind: 'causal' }, 2, 4, 1)).toEqual([
      [1, 1, 0, 0],
      [1, 1, 1, 0],
    ])
  })

  test('window keeps neighbours and sinks', () => {
    expect(kept({ kind: 'window', left: 1, right: 1, sinks: 1 }, 4, 4)).toEqual([
      [1, 1, 0, 0],
      [1, 1, 1, 0],
      [1, 1, 1, 1],
      [1, 0, 1, 1],
    ])
  })

  test('blocks follow their table', () => {
    expect(
      kept(
        {
          kind: 'blocks',
          size: 2,
          table: [
            [1, 0],
            [1, 1],
          ],
        },
        3,
        4,
      ),
    ).toEqual([
      [1, 1, 0, 0],
      [1, 1, 0, 0],
      [1, 1, 1, 1],
    ])
  })

  test('and intersects, or unites', () => {
    const causal = { kind: 'causal' } as const
    const ahead = { kind: 'window', left: 0, right: 1 } as const
    expect(kept({ kind: 'and', of: [causal, ahead] }, 2, 2)).toEqual([
      [1, 0],
      [0, 1],
    ])
    expect(kept({ kind: 'or', of: [causal, ahead] }, 2, 2)).toEqual([
      [1, 1],
      [1, 1],
    ])
  })
})

test('a window without an end reaches as far as there are keys', () => {
  const open = { kind: 'window', left: Infinity, right: 0 } as const
  expect(kept(open, 3, 5, 2)).toEqual(kept({ kind: 'causal' }, 3, 5, 2))
  expect(kept({ ...open, right: Infinity }, 2, 3)).toEqual([
    [1, 1, 1],
    [1, 1, 1],
  ])
})

test('errors name the argument', () => {
  const x = device.tensor(values(8, 1), { shape: [1, 2, 2, 2] })
  const y = device.tensor(values(12, 1), { shape: [1, 2, 2, 3] })
  expect(() => attention(x, y, y, { mask: { kind: 'all' } })).toThrow(
    "attention: 'key' has shape [1, 2, 2, 3]",
  )
  expect(() => attention(x, x, x, { mask: { kind: 'tensor', input: 0 } })).toThrow('names mask tensor 0')
  expect(() => attention(x, x, x, { mask: { kind: 'or', of: [] } })).toThrow("is an empty 'or'")
  const blocks = (table: readonly (readonly number[])[]) => () =>
    attention(x, x, x, { mask: { kind: 'and', of: [{ kind: 'blocks', size: 1, table }] }, queryStart: 1 })
  expect(blocks([[1, 1]])).toThrow(
    "attention: 'mask' has a table of 1 by 2 blocks of 1 positions, expected at least 3 by 2 blocks for queries up to position 2 and 2 keys.",
  )
  expect(blocks([[1, 1], [1], [1, 1]])).toThrow('has a table with rows of 2 and of 1 blocks')
})
