import {
  createReferenceBackend,
  Device,
  mul,
  RandomStream,
  reshape,
  slice,
  sum,
  type Tensor,
  valueAndGrad,
} from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { describe, expect, test } from 'vitest'
import { sampleTensor } from './conformance/sample-values.ts'
import { attendHeadsByLoops, rowsOf } from './testing/by-loops.test-helper.ts'
import { mapByLayer } from './testing/filled-attention.test-helper.ts'
import {
  type AttentionCall,
  type AttentionPart,
  causal,
  compose,
  CompositionError,
  dropout,
  fixedCache,
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
  noMask,
  padding,
  groupedQuery,
  scaledDot,
  sinusoidal,
  type TapSite,
} from './index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const exact = { absolute: 1e-12, relative: 1e-10 }
const plain: AttentionCall = { mask: noMask, side: {}, cache: 'none' }

function create(
  options: Partial<MultiHeadAttentionOptions> & { readonly heads: number },
): MultiHeadAttention {
  const init = { device, random: new RandomStream(3) }
  return new MultiHeadAttention(init, { width: 6, composition: compose([scaledDot()]), ...options })
}

/** Rows of the last axis, whatever the axes before. */
function allRows(tensor: Tensor): number[][] {
  return rowsOf(reshape(tensor, [tensor.size / tensor.shape.at(-1)!, tensor.shape.at(-1)!]))
}

function byLoops(attention: MultiHeadAttention, query: Tensor, key: Tensor, size: number): number[] {
  return Array.from({ length: query.shape[0]! }, (_, batch) => {
    const [queries, keys] = [rowsOf(query, batch), rowsOf(key, batch)]
    const mixed = attendHeadsByLoops(
      mapByLayer(attention.query, queries),
      mapByLayer(attention.key, keys),
      mapByLayer(attention.value, keys),
      size,
    )
    return mapByLayer(attention.output, mixed)
  }).flat(2)
}

/** Biases start at zero, which would hide one that is forgotten. */
function fillBiases(attention: MultiHeadAttention): void {
  for (const [path, parameter] of attention.parameters()) {
    if (path.endsWith('bias')) parameter.assign(sampleTensor(device, parameter.shape, path.length))
  }
}

test.each([
  { heads: 1, keyHeads: 1, headSize: 6 },
  { heads: 3, keyHeads: 3, headSize: 2 },
  { heads: 6, keyHeads: 2, headSize: 1 },
  { heads: 4, keyHeads: 1, headSize: 5 },
])(
  'agrees with plain loops: $heads heads, $keyHeads key heads of $headSize',
  ({ heads, keyHeads, headSize }) => {
    const attention = create({ heads, keyHeads, headSize, keyWidth: 4 })
    fillBiases(attention)
    const [query, key] = [sampleTensor(device, [2, 3, 6], 1), sampleTensor(device, [2, 5, 4], 2)]
    const wanted = byLoops(attention, query, key, headSize)
    expect(mismatch(attention.forward(query, key, plain).readSync(), wanted, exact)).toBeNull()
  },
)

test('the first head reads the first columns of the projection, and no others', () => {
  const attention = create({ heads: 3 })
  const x = sampleTensor(device, [1, 4, 6], 1)
  const mixed = (): Tensor => {
    let seen: Tensor | undefined
    attention.forward(x, x, {
      ...plain,
      tap: (site, tensor) => (site === 'mixed' ? (seen = device.retain(tensor)) : tensor),
    })
    return seen!
  }
  const before = allRows(mixed())
  const weight = attention.value!.weight
  const changed = weight.value.readSync()
  // Rows 2 and 3 of the weight make the columns of head 1.
  for (let index = 2 * 6; index < 4 * 6; index++) changed[index]! += 1
  attention.value!.weight.value.device.scoped(() => {
    attention.loadState(
      [...attention.state()].map(([path, tensor]) => {
        const data = path === 'value.weight' ? changed : tensor.readSync()
        return [path, { dtype: 'float64', shape: tensor.shape, data: data as Float64Array }]
      }),
    )
  })
  const after = allRows(mixed())
  const changedRows = after.flatMap((numbers, row) => (mismatch(numbers, before[row]!, exact) ? [row] : []))
  // Rows 4 to 7 are the four positions of head 1.
  expect(changedRows).toEqual([4, 5, 6, 7])
})

describe('tap', () => {
  test('sees every site in order', () => {
    const sites: [TapSite, readonly number[]][] = []
    const x = sampleTensor(device, [2, 3, 6], 1)
    create({ heads: 2, headSize: 5 }).forward(x, x, {
      ...plain,
      tap(site, tensor) {
        sites.push([site, tensor.shape])
        return tensor
      },
    })
    expect(sites).toEqual([
      ['query', [2, 2, 3, 5]],
      ['key', [2, 2, 3, 5]],
      ['value', [2, 2, 3, 5]],
      ['scores', [2, 2, 3, 3]],
      ['weights', [2, 2, 3, 3]],
      ['mixed', [2, 2, 3, 5]],
      ['output', [2, 3, 6]],
    ])
  })

  test('sees the mask of the parts and the call, and what it gives back is obeyed', () => {
    const attention = create({ heads: 2, composition: compose([scaledDot(), padding()]) })
    const x = sampleTensor(device, [1, 3, 6], 1)
    const side = { padding: device.tensor([[true, true, false]]) }
    const seen: number[][] = []
    const onlyFirst = device.tensor([[[[true, false, false]]]])
    attention.forward(x, x, {
      ...plain,
      side,
      tap(site, tensor) {
        if (site === 'mask') seen.push([...tensor.readSync()])
        if (site === 'weights') seen.push([...tensor.readSync()].slice(0, 3))
        return site === 'mask' ? onlyFirst : tensor
      },
    })
    expect(seen).toEqual([
      [1, 1, 0],
      [1, 0, 0],
    ])
  })

  test('replaces what comes after it: a head that is silenced has no gradient', () => {
    const attention = create({ heads: 2 })
    const x = sampleTensor(device, [1, 3, 6], 1)
    const keep = device.tensor([1, 0], { shape: [1, 2, 1, 1] })
    const { value } = attention.value!.weight
    const { gradients } = valueAndGrad(
      () =>
        sum(
          attention.forward(x, x, {
            ...plain,
            tap: (site, tensor) => (site === 'mixed' ? mul(tensor, keep) : tensor),
          }),
        ),
      [value],
    )
    const rows = allRows(gradients[0]!)
    expect(
      rows
        .slice(3)
        .flat()
        .every((number) => number === 0),
    ).toBe(true)
    expect(
      rows
        .slice(0, 3)
        .flat()
        .some((number) => number !== 0),
    ).toBe(true)
  })
})

test('dropout drops while training only, and by stages as fused', () => {
  const attention = create({ heads: 2, composition: compose([scaledDot(), dropout({ rate: 0.5 })]) })
  const x = sampleTensor(device, [1, 4, 6], 1)
  const quiet = Array.from(attention.forward(x, x, plain).readSync())
  const train = (): void => attention.train(new RandomStream(5))
  train()
  const fused = Array.from(attention.forward(x, x, plain).readSync())
  train()
  let dropped = 0
  const staged = attention.forward(x, x, {
    ...plain,
    tap(site, tensor) {
      if (site === 'weights') dropped = tensor.size
      return tensor
    },
  })
  expect(dropped).toBe(2 * 4 * 4)
  expect(mismatch(staged.readSync(), fused, exact)).toBeNull()
  expect(mismatch(fused, quiet, exact)).not.toBeNull()
  attention.evaluate()
  expect(Array.from(attention.forward(x, x, plain).readSync())).toEqual(quiet)
})

test('attention to a fixed source projects it once', () => {
  const attention = create({ heads: 2, composition: compose([scaledDot(), padding()]) })
  fillBiases(attention)
  const [query, source] = [sampleTensor(device, [2, 4, 6], 1), sampleTensor(device, [2, 5, 6], 2)]
  const keep = device.tensor([
    [true, true, true, true, true],
    [true, true, false, false, false],
  ])
  const call: AttentionCall = { mask: noMask, side: { padding: keep }, cache: 'none' }
  const full = allRows(attention.forward(query, source, call))
  const cache = fixedCache()
  const other = sampleTensor(device, [2, 5, 6], 7)
  for (let position = 0; position < 4; position++) {
    const step = slice(query, [{}, { start: position, size: 1 }])
    // Once it holds the source, what comes as keys is not looked at.
    const got = allRows(attention.forward(step, position === 0 ? source : other, { ...call, cache }))
    const wanted = [full[position]!, full[4 + position]!]
    expect(mismatch(got.flat(), wanted.flat(), exact)).toBeNull()
  }
  expect(cache.length).toBe(5)
  cache.dispose()
})

test('a mask of the call narrows those of the parts', () => {
  const attention = create({ heads: 2, composition: compose([scaledDot(), padding()]) })
  const x = sampleTensor(device, [1, 3, 6], 1)
  const side = { padding: device.tensor([[true, true, false]]) }
  const weightsWith = (call: Partial<AttentionCall>): number[] => {
    let weights: number[] = []
    attention.forward(x, x, {
      ...plain,
      side,
      ...call,
      tap(site, tensor) {
        if (site === 'weights') weights = Array.from(tensor.readSync())
        return tensor
      },
    })
    return weights.slice(0, 9)
  }
  const zeros = weightsWith({ mask: { kind: 'causal' } }).map((weight) => weight === 0)
  expect(zeros).toEqual([false, true, true, false, false, true, false, false, true])
})

describe('errors', () => {
  test('heads must divide the width', () => {
    expect(() => create({ heads: 4 })).toThrow(
      "MultiHeadAttention: 'heads' is 4, expected a whole number that divides the width 6. " +
        'Each head takes an equal part of the columns: change one of them, or give `headSize`.',
    )
    expect(() => create({ heads: 0 })).toThrow("'heads' is 0")
    expect(() => create({ heads: 6, keyHeads: 4 })).toThrow(
      "MultiHeadAttention: 'keyHeads' is 4, expected a whole number that divides the 6 heads. " +
        'Each key head serves an equal group of query heads.',
    )
    expect(() => create({ heads: 2, headSize: 2.5 })).toThrow(
      "MultiHeadAttention: 'headSize' is 2.5, expected a whole number of at least 1.",
    )
  })

  test.each([-1, 0, 0.5, 2.5, Number.NaN])(
    '%d heads are refused, also where a part counts on their number',
    (heads) => {
      const composition = compose([scaledDot(), groupedQuery()])
      expect(() => create({ heads, composition })).toThrow(
        `MultiHeadAttention: 'heads' is ${heads}, expected`,
      )
    },
  )

  test('something has to score keys', () => {
    const composition = compose([sinusoidal(), causal()])
    expect(() => create({ heads: 2, composition })).toThrow(
      "MultiHeadAttention: 'composition' has no part that scores keys, or mixes values without: sinusoidal + causal, " +
        "expected a part of the stage score or mix, such as 'scaled-dot'. Add `scaledDot()` to the parts.",
    )
  })

  test('side inputs are neither forgotten nor ignored', () => {
    const x = sampleTensor(device, [1, 3, 6], 1)
    const attention = create({ heads: 2, composition: compose([scaledDot(), padding()]) })
    expect(() => attention.forward(x, x, plain)).toThrow(CompositionError)
    expect(() => attention.forward(x, x, plain)).toThrow(
      "padding: 'side.padding' is missing, expected a tensor, or 'none' to say that there is none. " +
        'Pass `side: { padding: ... }` in the call.',
    )
    const distances = device.tensor([1])
    expect(() => attention.forward(x, x, { ...plain, side: { padding: 'none', distances } })).toThrow(
      "scaled-dot + padding: 'side.distances' is not read by any part, expected side inputs that the parts read (padding). " +
        "Add the part that reads it, such as 'distances', or leave it out.",
    )
    expect(() => create({ heads: 2 }).forward(x, x, { ...plain, side: { distances } })).toThrow(
      'expected no side inputs',
    )
  })

  test('a part reads only what it declares', () => {
    const nosy: AttentionPart = {
      name: 'nosy',
      source: 'a test',
      bias: (context, scores) => mul(scores, context.parameter('gain')),
    }
    const x = sampleTensor(device, [1, 3, 6], 1)
    const attention = create({ heads: 2, composition: compose([scaledDot(), nosy]) })
    expect(() => attention.forward(x, x, plain)).toThrow(
      "nosy: 'parameter' is 'gain', expected no parameter. Declare it in the part's `parameters`, with the owner that uses it.",
    )
  })
})

test('nothing is left behind, also when a call fails', () => {
  const attention = create({ heads: 2, composition: compose([scaledDot(), padding()]) })
  const [x, keep] = [sampleTensor(device, [1, 3, 6], 1), device.tensor([[true, true]])]
  const before = device.memory().liveBuffers
  attention.forward(x, x, { ...plain, side: { padding: 'none' } }).dispose()
  expect(() => attention.forward(x, x, { ...plain, side: { padding: keep } })).toThrow(
    "'side.padding' is bool [1, 2]",
  )
  expect(device.memory().liveBuffers).toBe(before)
})
