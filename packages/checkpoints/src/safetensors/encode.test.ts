import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CheckpointError } from '../checkpoint-error.ts'
import { type DType, DTYPE_RULES, DTYPES, type NamedArray } from '../named-array.ts'
import { decodeSafetensors } from './decode.ts'
import { encodeSafetensors } from './encode.ts'

/**
 * The arrays below as the safetensors library for Python, 0.8.0, writes them
 * (`safetensors.serialize`, metadata `{"format": "pt"}`).
 */
const WRITTEN_BY_THE_REFERENCE =
  '+AIAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJzdGVwcyI6eyJkdHlwZSI6Ikk2NCIsInNoYXBlIjpbXSwiZGF0YV9vZmZzZXRzIjpbMCw4XX0sImVtcHR5Ijp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOlswLDRdLCJkYXRhX29mZnNldHMiOls4LDhdfSwiY29tcGxleCI6eyJkdHlwZSI6IkM2NCIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6WzgsMTZdfSwid2VpZ2h0Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsyLDNdLCJkYXRhX29mZnNldHMiOlsxNiw0MF19LCJ0b2tlbnMiOnsiZHR5cGUiOiJJMzIiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOls0MCw0OF19LCJicmFpbiI6eyJkdHlwZSI6IkJGMTYiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOls0OCw1Ml19LCJiaWFzIjp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpbNTIsNThdfSwiZWlnaHQiOnsiZHR5cGUiOiJGOF9FNE0zIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbNTgsNjBdfSwi5ZCN5YmNIFwicXVvdGVkXCJcbiI6eyJkdHlwZSI6IlU4Iiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbNjAsNjFdfSwi77+uIjp7ImR0eXBlIjoiVTgiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNldHMiOls2MSw2Ml19LCLwn5iAIjp7ImR0eXBlIjoiVTgiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNldHMiOls2Miw2M119LCJtYXNrIjp7ImR0eXBlIjoiQk9PTCIsInNoYXBlIjpbM10sImRhdGFfb2Zmc2V0cyI6WzYzLDY2XX19ICAgICAg+f////////8AAIA/AAAAQAAAAAAAAIA/AAAAQAAAQEAAAIBAAACgQAUAAAD6////gD8AwAA8AMAAODi4/wIBAQAB'

const reference: [string, NamedArray][] = [
  ['weight', { dtype: 'float32', shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) }],
  ['bias', { dtype: 'float16', shape: [3], data: Uint16Array.of(0x3c00, 0xc000, 0x3800) }],
  ['brain', { dtype: 'bfloat16', shape: [2], data: Uint16Array.of(0x3f80, 0xc000) }],
  ['steps', { dtype: 'int64', shape: [], data: BigInt64Array.of(-7n) }],
  ['mask', { dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) }],
  ['empty', { dtype: 'float64', shape: [0, 4], data: new Float64Array(0) }],
  ['tokens', { dtype: 'int32', shape: [2], data: Int32Array.of(5, -6) }],
  ['名前 "quoted"\n', { dtype: 'uint8', shape: [1], data: Uint8Array.of(255) }],
  ['\u{1F600}', { dtype: 'uint8', shape: [1], data: Uint8Array.of(1) }],
  ['\uFFEE', { dtype: 'uint8', shape: [1], data: Uint8Array.of(2) }],
  ['eight', { dtype: 'float8_e4m3', shape: [2], data: Uint8Array.of(0x38, 0xb8) }],
  ['complex', { dtype: 'complex64', shape: [1], data: Float32Array.of(1, 2) }],
]

const namedArray: fc.Arbitrary<NamedArray> = fc
  .record({
    dtype: fc.constantFrom<DType>(...DTYPES),
    shape: fc.array(fc.nat({ max: 4 }), { maxLength: 4 }),
    seed: fc.nat({ max: 255 }),
  })
  .map(({ dtype, shape, seed }) => {
    const { bits, array } = DTYPE_RULES[dtype]
    // A last axis of 8 makes whole bytes of any type.
    const full = [...shape, 8]
    const bytes = (full.reduce((product, axis) => product * axis, 1) * bits) / 8
    const content = Uint8Array.from({ length: bytes }, (_, index) => (index * 37 + seed) % 256)
    return { dtype, shape: full, data: new array(content.buffer) } as NamedArray
  })
const name = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => text !== '__metadata__')
const arrays = fc
  .dictionary(name, namedArray, { maxKeys: 8 })
  .map((record) => new Map(Object.entries(record)))
const metadata = fc
  .dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), { maxKeys: 4 })
  .map((record) => new Map(Object.entries(record)))

const bytesOf = ({ data }: NamedArray): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

/** What a caller without types may pass. */
const foreign = (array: unknown): NamedArray => array as NamedArray

describe('encodeSafetensors', () => {
  it('writes the same bytes as the reference implementation, and reads them', () => {
    const expected = Uint8Array.from(atob(WRITTEN_BY_THE_REFERENCE), (character) => character.charCodeAt(0))
    expect(encodeSafetensors(reference, [['format', 'pt']])).toEqual(expected)
    const decoded = decodeSafetensors(expected)
    expect(new Map(decoded.arrays)).toEqual(new Map(reference))
    expect([...decoded.metadata]).toEqual([['format', 'pt']])
  })

  it('is undone by decodeSafetensors, bit for bit', () => {
    fc.assert(
      fc.property(arrays, metadata, (given, texts) => {
        const decoded = decodeSafetensors(encodeSafetensors(given, texts))
        expect(decoded.metadata).toEqual(texts)
        expect(new Set(decoded.arrays.keys())).toEqual(new Set(given.keys()))
        for (const [name, array] of given) {
          const found = decoded.arrays.get(name)!
          expect(found.dtype).toBe(array.dtype)
          expect(found.shape).toEqual(array.shape)
          expect(found.data.constructor).toBe(array.data.constructor)
          expect(bytesOf(found)).toEqual(bytesOf(array))
        }
      }),
    )
  })

  it('gives the same bytes whatever the order', () => {
    fc.assert(
      fc.property(arrays, metadata, (given, texts) => {
        const reversed = encodeSafetensors([...given].toReversed(), [...texts].toReversed())
        expect(reversed).toEqual(encodeSafetensors(given, texts))
      }),
    )
  })

  it('aligns the data to 8 bytes and each array to its elements', () => {
    fc.assert(
      fc.property(arrays, (given) => {
        const bytes = encodeSafetensors(given)
        const length = Number(new DataView(bytes.buffer).getBigUint64(0, true))
        expect(length % 8).toBe(0)
        const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
          string,
          { data_offsets: [number, number] }
        >
        for (const [name, { dtype }] of given) {
          const size = DTYPE_RULES[dtype].array.BYTES_PER_ELEMENT
          expect(Object.getOwnPropertyDescriptor(header, name)?.value.data_offsets[0] % size).toBe(0)
        }
      }),
    )
  })

  it('writes no more of a buffer than the array shows', () => {
    const data = Float32Array.of(9, 1, 2, 9).subarray(1, 3)
    const { arrays } = decodeSafetensors(encodeSafetensors([['x', { dtype: 'float32', shape: [2], data }]]))
    expect(arrays.get('x')?.data).toEqual(Float32Array.of(1, 2))
  })

  const vector = { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } as const
  it.each<[title: string, given: [string, NamedArray][], message: string]>([
    [
      'a name twice',
      [
        ['x', vector],
        ['x', vector],
      ],
      'tensor "x", name of the given arrays comes twice, expected each name once.',
    ],
    [
      'the name of metadata',
      [['__metadata__', vector]],
      'tensor "__metadata__", name of the given arrays is __metadata__, expected any other name.',
    ],
    [
      'half a character',
      [['\ud800', vector]],
      'tensor "\\ud800", name of the given arrays has half of a surrogate pair, expected whole Unicode characters.',
    ],
    [
      'an unknown dtype',
      [['x', foreign({ ...vector, dtype: 'float128' })]],
      'tensor "x", dtype of the given arrays is float128, expected one of bool,',
    ],
    [
      'a dtype of Object.prototype',
      [['x', foreign({ ...vector, dtype: 'toString' })]],
      'tensor "x", dtype of the given arrays is toString, expected one of bool,',
    ],
    [
      'another array type',
      [['x', foreign({ ...vector, data: Float64Array.of(1, 2) })]],
      'tensor "x", data of the given arrays is a Float64Array, expected a Float32Array for float32.',
    ],
    [
      'a plain list',
      [['x', foreign({ ...vector, data: [1, 2] })]],
      'tensor "x", data of the given arrays is a Array, expected a Float32Array for float32.',
    ],
    [
      'a fractional shape',
      [['x', { ...vector, shape: [0.5, 4] }]],
      'tensor "x", shape of the given arrays is [0.5, 4], expected whole numbers of 0 or more.',
    ],
    [
      'a negative shape',
      [['x', { ...vector, shape: [-1, -2] }]],
      'tensor "x", shape of the given arrays is [-1, -2], expected whole numbers of 0 or more.',
    ],
    [
      'too little data',
      [['x', { ...vector, shape: [3] }]],
      'tensor "x", data of the given arrays is 8 bytes long, expected 12 for shape [3] of float32.',
    ],
  ])('refuses %s', (_, given, message) => {
    expect(() => encodeSafetensors(given)).toThrow(CheckpointError)
    expect(() => encodeSafetensors(given)).toThrow(`encodeSafetensors: ${message}`)
  })

  it('refuses metadata that is not text, comes twice, or holds half a character', () => {
    const number = [['epoch', 3 as unknown as string]] as const
    expect(() => encodeSafetensors([], number)).toThrow(
      'metadata "epoch" of the given arrays is a number, expected a string.',
    )
    expect(() =>
      encodeSafetensors(
        [],
        [
          ['a', ''],
          ['a', ''],
        ],
      ),
    ).toThrow('metadata "a" of the given arrays comes twice')
    expect(() => encodeSafetensors([], [['a', '\udc00']])).toThrow(
      'metadata "a" of the given arrays has half of a surrogate pair',
    )
  })

  it('refuses a header beyond the limit of the format', () => {
    expect(() => encodeSafetensors([], [['text', 'x'.repeat(100_000_000)]])).toThrow(
      'expected at most 100000000',
    )
  })
})
