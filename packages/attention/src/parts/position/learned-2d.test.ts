import { zeros } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testEmbeddingIdea } from '../../conformance/test-embedding-idea.ts'
import { learned2d } from '../../index.ts'

const trained = Array.from({ length: 12 }, (_, index) => Math.sin((index + 1) * 1.7))

// table = torch.tensor([math.sin((i + 1) * 1.7) for i in range(12)], dtype=torch.float64).reshape(1, 2, 3, 2)
// torch.nn.functional.interpolate(table.permute(0, 3, 1, 2), size=(4, 5), mode='bicubic', align_corners=False)
const interpolated = [
  1.3752167547217726, -0.4710976671147543, 0.15608115381650348, 0.132863243739546, -1.065302931926855,
  0.6476242603631803, -0.02383226612180851, -0.21326064574633055, 1.0869344327153554, -1.0257055368172707,
  0.7472433250253115, -0.019055900646477213, 0.05361486333741031, 0.09643514271343173, -0.6261732572629509,
  0.1643491757673052, 0.02411956721316228, -0.1168377859779656, 0.6999818563817801, -0.36079147059643585,
  -0.28706585329827133, 0.7254834794189204, -0.11515314451050783, 0.03643591749394937, 0.0970991480658321,
  -0.6316333165082537, 0.1030990574119377, 0.041976335993459006, 0.06264820124412689, 0.7343611090614101,
  -0.9150392829947324, 1.1775252458871974, -0.21761943498960098, 7.81646783510326e-6, 0.5362288227297362,
  -1.1149084011041288, 0.15105089074690847, 0.13839919576182394, -0.32430437508944826, 1.399275175282245,
]

testEmbeddingIdea(() => learned2d({ trainedGrid: [2, 3], grid: [4, 5] }), {
  test,
  ideas: [
    {
      title: 'a trained grid of 2 x 3 becomes one of 4 x 5 as in PyTorch',
      inputs: (device) => zeros(device, [1, 20, 2]),
      parameters: (device) => ({ table: device.tensor(trained, { shape: [6, 2] }) }),
      expected: interpolated,
    },
  ],
})

testEmbeddingIdea(() => learned2d({ trainedGrid: [2, 3], grid: [4, 5], leading: 1 }), {
  test,
  ideas: [
    {
      title: 'the vector of a class token stays',
      start: 0,
      inputs: (device) => zeros(device, [1, 21, 2]),
      parameters: (device) => ({ table: device.tensor([7, 8, ...trained], { shape: [7, 2] }) }),
      expected: [7, 8, ...interpolated],
    },
  ],
})

testEmbeddingIdea(() => learned2d({ grid: [2, 3] }), {
  test,
  ideas: [
    {
      title: 'without another grid the vectors are those of the table',
      start: 2,
      inputs: (device) => zeros(device, [1, 4, 2]),
      parameters: (device) => ({ table: device.tensor(trained, { shape: [6, 2] }) }),
      expected: trained.slice(4),
    },
  ],
})

test('options that mean nothing are errors', () => {
  expect(() => learned2d({ trainedGrid: [2, 0.5] })).toThrow(
    "learned-2d: 'trainedGrid' is [2, 0.5], expected rows and columns, two positive whole numbers. " +
      'Write `trainedGrid: [14, 14]` for 14 rows of 14.',
  )
  expect(() => learned2d({ standardDeviation: -1 })).toThrow("learned-2d: 'standardDeviation' is -1")
})
