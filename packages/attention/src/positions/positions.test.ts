import type { Buffer } from '@qkv/nn'
import {
  createReferenceBackend,
  Device,
  matmul,
  RandomStream,
  slice,
  sub,
  type Tensor,
  transpose,
} from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { describe, expect, test } from 'vitest'
import { sampleTensor } from '../conformance/sample-values.ts'
import {
  alibiBias,
  alibiSlopes,
  type AttentionPart,
  attendProjections,
  compose,
  learned,
  noMask,
  PositionEmbedding,
  relativeBucket,
  rope,
  rotaryTable,
  rotate,
  type RotaryPairing,
  scaledDot,
  sinusoidal,
  type SinusoidalOptions,
  sinusoidalTable,
  t5Bias,
} from '../index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const exact = { absolute: 1e-12, relative: 1e-10 }
const sizes = { width: 5, heads: 1, keyHeads: 1, headSize: 5, maximumLength: 7 }

function embedding(part: AttentionPart): PositionEmbedding {
  return new PositionEmbedding({ device, random: new RandomStream(1) }, compose([scaledDot(), part]), sizes)
}

describe('sinusoidal', () => {
  test.each<SinusoidalOptions>([{}, { formula: 'power', layout: 'concatenated' }])(
    'adds the rows of its table from the start on: %o',
    (options) => {
      const x = sampleTensor(device, [2, 3, 5], 1)
      const added = sub(embedding(sinusoidal(options)).forward(x, 4), x).readSync()
      const rows = [...sinusoidalTable(3, 5, { ...options, start: 4 })]
      expect(mismatch(added, [...rows, ...rows], exact)).toBeNull()
    },
  )

  test('its table is a buffer: not trained, not stored', () => {
    const positions = embedding(sinusoidal())
    expect([...positions.parameters().keys()]).toEqual([])
    expect([...positions.state().keys()]).toEqual([])
    const [[path, buffer]] = [...positions.buffers()] as [[string, Buffer]]
    expect(path).toBe('parts.sinusoidal.table')
    expect(buffer.persistent).toBe(false)
    expect(buffer.shape).toEqual([7, 5])
  })

  test('its table moves with the device', async () => {
    const positions = embedding(sinusoidal())
    const other = new Device(createReferenceBackend())
    await positions.moveTo(other)
    const x = other.tensor(new Float32Array(5), { shape: [1, 1, 5] })
    expect([...(await positions.forward(x, 2).read())]).toEqual(
      [...sinusoidalTable(1, 5, { start: 2 })].map(Math.fround),
    )
  })
})

test('learned positions are rows of a parameter, and are trained where they were used', () => {
  const positions = embedding(learned({ standardDeviation: 1 }))
  const table = positions.parameters().get('parts.learned.table')!
  expect(table.shape).toEqual([7, 5])
  const x = sampleTensor(device, [2, 2, 5], 1)
  const added = sub(positions.forward(x, 3), x).readSync()
  const rows = [...table.value.readSync()].slice(15, 25)
  expect(mismatch(added, [...rows, ...rows], exact)).toBeNull()
})

test.each([
  ['sinusoidal', sinusoidal()],
  ['learned', learned()],
])('%s positions end at the maximum length', (name, part) => {
  const positions = embedding(part)
  positions.forward(sampleTensor(device, [1, 2, 5], 1), 5)
  expect(() => positions.forward(sampleTensor(device, [1, 2, 5], 1), 6)).toThrow(
    `${name}: 'embeddings' reaches position 7, expected positions below the model's maximum length 7. ` +
      'Shorten the sequence, or build the model with a larger `maximumLength`.',
  )
})

describe('rope', () => {
  /** Complex multiplication by hand: columns `a` and `b` turn by the angle of the position. */
  function turnByHand(x: Tensor, positions: readonly number[], rotarySize: number, pairing: RotaryPairing) {
    const values = x.readSync()
    const [, , length, size] = x.shape as [number, number, number, number]
    const turned = Array.from(values)
    for (let row = 0; row < values.length / size; row++) {
      for (let pair = 0; pair < rotarySize / 2; pair++) {
        const angle = positions[row % length]! / Math.pow(10000, (2 * pair) / rotarySize)
        const [a, b] = pairing === 'halves' ? [pair, pair + rotarySize / 2] : [2 * pair, 2 * pair + 1]
        const [real, imaginary] = [values[row * size + a]!, values[row * size + b]!]
        turned[row * size + a] = real * Math.cos(angle) - imaginary * Math.sin(angle)
        turned[row * size + b] = imaginary * Math.cos(angle) + real * Math.sin(angle)
      }
    }
    return turned
  }

  function turn(x: Tensor, positions: readonly number[], rotarySize: number, pairing: RotaryPairing): Tensor {
    const { cosines, sines } = rotaryTable(positions, { rotarySize })
    const shape = [positions.length, rotarySize / 2]
    return rotate(x, device.tensor(cosines, { shape }), device.tensor(sines, { shape }), pairing)
  }

  test.each<[RotaryPairing, number]>([
    ['halves', 6],
    ['neighbors', 6],
    ['halves', 4],
    ['neighbors', 2],
    ['halves', 0],
  ])('turns pairs of %s in %i columns', (pairing, rotarySize) => {
    const x = sampleTensor(device, [2, 2, 3, 6], 1)
    const positions = [0, 5, 1000]
    const wanted = turnByHand(x, positions, rotarySize, pairing)
    expect(mismatch(turn(x, positions, rotarySize, pairing).readSync(), wanted, exact)).toBeNull()
  })

  test('products depend on the distance alone', () => {
    const [query, key] = [sampleTensor(device, [1, 1, 1, 6], 1), sampleTensor(device, [1, 1, 1, 6], 2)]
    const product = (at: number, other: number): number =>
      matmul(turn(query, [at], 6, 'halves'), transpose(turn(key, [other], 6, 'halves'))).readSync()[0]!
    expect(product(7, 3)).toBeCloseTo(product(104, 100), 10)
    expect(product(7, 3)).not.toBeCloseTo(product(3, 7), 3)
  })

  test('a position scale of one half fits twice the positions', () => {
    const options = { rotarySize: 4 }
    const half = rotaryTable([2, 6], { ...options, positionScale: 0.5 })
    expect(half).toEqual(rotaryTable([1, 3], options))
  })

  test('an odd number of columns cannot turn in pairs', () => {
    const part = rope({ rotarySize: 3 })
    expect(() => part.buffers!['cosines']!.create(sizes)).toThrow(
      "rope: 'rotarySize' is 3, expected an even number up to the head size 5. " +
        'Columns turn in pairs: leave it out to turn all of them.',
    )
  })
})

describe('alibi', () => {
  test.each<[number, readonly number[]]>([
    [1, [-8]],
    [2, [-4, -8]],
    [4, [-2, -4, -6, -8]],
    // The slopes of 4 heads, then the first and the third of those of 8.
    [6, [-2, -4, -6, -8, -1, -3]],
  ])('%i heads forget with slopes of powers of two', (heads, exponents) => {
    expect(alibiSlopes(heads)).toEqual(exponents.map((exponent) => 2 ** exponent))
  })

  test('lowers scores by the distance times the slope', () => {
    const bias = alibiBias(device, { heads: 2, queryStart: 3, queryLength: 2, keyLength: 5 })
    const wanted = alibiSlopes(2).flatMap((slope) =>
      [3, 4].flatMap((query) => [0, 1, 2, 3, 4].map((key) => -slope * Math.abs(query - key))),
    )
    expect(mismatch(bias.readSync(), wanted, exact)).toBeNull()
    expect(bias.shape).toEqual([2, 2, 5])
  })
})

test('a table that is sliced stays whole', () => {
  const positions = embedding(sinusoidal())
  const before = [...positions.buffers().values()][0]!.value.readSync()
  slice(positions.forward(sampleTensor(device, [1, 2, 5], 1), 0), [{}]).dispose()
  expect([...positions.buffers().values()][0]!.value.readSync()).toEqual(before)
})

describe('relative buckets', () => {
  test('both sides: eight distances alone, then wider and wider, far ones together', () => {
    const buckets = [0, -1, -7, -8, -11, -12, -90, -91, -127, -5000, 1, 8, 5000].map((offset) =>
      relativeBucket(offset),
    )
    expect(buckets).toEqual([0, 1, 7, 8, 8, 9, 14, 15, 15, 15, 17, 24, 31])
  })

  test('one side: keys to the right share the bucket of distance 0', () => {
    const options = { bidirectional: false, buckets: 8, maximumDistance: 32 }
    const buckets = [5, 0, -1, -3, -4, -6, -7, -11, -12, -19, -31, -32].map((offset) =>
      relativeBucket(offset, options),
    )
    expect(buckets).toEqual([0, 0, 1, 3, 4, 4, 5, 5, 6, 6, 7, 7])
  })

  test('where a logarithm is a whole number the bucket begins there, not one later', () => {
    // Four steps from 4 to 64 are powers of 2: each distance 4 * 2^step begins a bucket.
    const options = { bidirectional: false, buckets: 8, maximumDistance: 64 }
    for (const step of [0, 1, 2, 3]) {
      const distance = 4 * 2 ** step
      expect(relativeBucket(-distance, options)).toBe(4 + step)
      expect(relativeBucket(1 - distance, options)).toBe(3 + step)
    }
  })

  test('the part adds the number of the bucket and the head', () => {
    const part = t5Bias({ buckets: 4, maximumDistance: 8 })
    const table = sampleTensor(device, [4, 2], 3)
    const zeros = device.tensor(new Float64Array(2 * 3 * 2), { shape: [1, 2, 3, 2] })
    let scores: number[] = []
    attendProjections(
      compose([scaledDot(), part]),
      { query: zeros, key: zeros, value: zeros },
      {
        mask: noMask,
        parameters: { 't5-bias': { table } },
        tap(site, tensor) {
          if (site === 'scores') scores = [...tensor.readSync()]
          return tensor
        },
      },
    )
    const numbers = table.readSync()
    const wanted = [0, 1].flatMap((head) =>
      [0, 1, 2].flatMap((query) =>
        [0, 1, 2].map((key) => {
          const bucket = key === query ? 0 : key > query ? 3 : 1
          return numbers[bucket * 2 + head]!
        }),
      ),
    )
    expect(mismatch(scores, wanted, exact)).toBeNull()
  })
})
