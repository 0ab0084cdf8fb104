import { createReferenceBackend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { evaluate } from './evaluate.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const inputs = {
  x: device.tensor([
    [1, 2],
    [3, 4],
  ]),
  w: device.tensor([
    [0.5, -1],
    [2, 0.25],
  ]),
}
const valuesOf = (source: string, names: Partial<typeof inputs> = inputs): readonly number[] => [
  ...evaluate(source, names as Readonly<Record<string, (typeof inputs)['x']>>).readSync(),
]

test.each([
  ['x * x - 2 * x + 1', [0, 1, 4, 9]],
  ['-x ** 2', [-1, -4, -9, -16]],
  ['2 ** 3 ** 2 / 512 * x', [1, 2, 3, 4]],
  ['(x + 1) / 2', [1, 1.5, 2, 2.5]],
  ['x @ w', [4.5, -0.5, 9.5, -2]],
  ['a = x @ w; b = a - a; b + 1', [1, 1, 1, 1]],
  ['x.sum(dim=0)', [4, 6]],
  ['x.sum(axis 0, keepdim=True)', [4, 6]],
  ['mean(x, 1)', [1.5, 3.5]],
  ['x.sum(dim=(0, 1)) * w[0]', [5, -10]],
  ['x.transpose(0, 1).reshape(-1)', [1, 3, 2, 4]],
  ['x.permute([1, 0])[0, :]', [1, 3]],
  ['where(x > 2, x, 0)', [0, 0, 3, 4]],
  ['clamp(x, min=2, max=3)', [2, 2, 3, 3]],
  ['maximum(2.5, x) - x.amin()', [1.5, 1.5, 2, 3]],
])('%s', (source, expected) => {
  expect(valuesOf(source)).toEqual(expected)
})

test('a call without a tensor works on the only input', () => {
  expect(valuesOf('permute(1, 0).reshape(4) * 2', { x: inputs.x })).toEqual([2, 6, 4, 8])
})

test.each([
  ['x +', 'expected more'],
  ['x 1', "expected an operator or the end in 'x >>>1'"],
  ['x + y', "unknown name 'y'"],
  ['x.launch()', "function 'launch' is not mapped"],
  ['reshape(4)', 'without a tensor'],
  ['1 + 1', 'expected a tensor, got 2'],
])('refuses %s', (source, message) => {
  expect(() => valuesOf(source)).toThrow(message)
})
