import { concat, slice } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testEmbeddingIdea } from '../../conformance/test-embedding-idea.ts'
import { causal, compose, conditional, padding, scaledDot } from '../../index.ts'

const sines = (count: number, factor: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => Math.sin((index + 1) * factor))

// x = torch.tensor([math.sin((i + 1) * 1.3) for i in range(12)], dtype=torch.float64).reshape(1, 2, 3, 2).permute(0, 3, 1, 2)
// weight = torch.tensor([math.sin((i + 1) * 0.7) for i in range(18)], dtype=torch.float64).reshape(2, 1, 3, 3)
// x + torch.nn.functional.conv2d(x, weight, torch.tensor([0.5, -0.25], dtype=torch.float64), padding=1, groups=2)
const convolved = [
  1.5107503899989334, 1.3795897518663849, 0.3728851593197817, -0.9691142568262178, 0.5349625334847514,
  -0.37733562065831683, 1.7271424025504953, -1.3896618102696672, -0.6191690512067816, -0.023734195923494683,
  0.6542922481729438, 0.35864974566018154,
]

testEmbeddingIdea(() => conditional({ grid: [2, 3] }), {
  test,
  ideas: [
    {
      title: 'adds a depth-wise convolution over the grid, as in PyTorch',
      inputs: (device) => device.tensor(sines(12, 1.3), { shape: [1, 6, 2] }),
      parameters: (device) => ({
        weight: device.tensor(sines(18, 0.7), { shape: [2, 1, 3, 3] }),
        bias: device.tensor([0.5, -0.25]),
      }),
      expected: convolved,
    },
  ],
})

testEmbeddingIdea(() => conditional({ grid: [2, 3], leading: 2 }), {
  test,
  ideas: [
    {
      title: 'tokens before the grid stay as they are',
      inputs(device) {
        const grid = device.tensor(sines(12, 1.3), { shape: [1, 6, 2] })
        return concat([slice(grid, [{}, { size: 2 }]), grid], { axis: 1 })
      },
      parameters: (device) => ({
        weight: device.tensor(sines(18, 0.7), { shape: [2, 1, 3, 3] }),
        bias: device.tensor([0.5, -0.25]),
      }),
      expected: [...sines(4, 1.3), ...convolved],
    },
  ],
})

test('it goes with no mask, and needs every position', () => {
  expect(() => compose([scaledDot(), conditional(), causal()])).toThrow(
    "compose: 'conditional' is composed with 'causal', but each position sees its neighbours on the grid, later ones too",
  )
  expect(() => compose([scaledDot(), conditional(), padding()])).toThrow('filled-up ones too')
  expect(compose([scaledDot(), conditional()]).uncacheable).toBe("'conditional' needs every position at once")
})

test('a kernel without a middle is an error', () => {
  expect(() => conditional({ kernelSize: 4 })).toThrow(
    "conditional: 'kernelSize' is 4, expected an odd number. The cell is in the middle: use 5.",
  )
})
