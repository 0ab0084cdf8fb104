import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CheckpointError } from '../checkpoint-error.ts'
import { decodeSafetensors } from './decode.ts'
import { encodeSafetensors } from './encode.ts'

/** A file put together by hand, as the specification describes it: length, header, data. */
function assemble(header: string | Uint8Array, data: readonly number[] = [], length?: bigint): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header
  const bytes = new Uint8Array(8 + text.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true)
  bytes.set(text, 8)
  bytes.set(data, 8 + text.length)
  return bytes
}

const entry = (dtype: string, shape: string, offsets: string): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`

describe('decodeSafetensors on files assembled by hand', () => {
  it('reads values, shapes and metadata', () => {
    const header = `{"__metadata__":{"format":"pt"},"w":${entry('F32', '[1,2]', '[0,8]')},"i":${entry('I16', '[]', '[8,10]')}}`
    const { arrays, metadata } = decodeSafetensors(
      assemble(header, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0xfe, 0xff]),
    )
    expect(arrays.get('w')).toEqual({ dtype: 'float32', shape: [1, 2], data: Float32Array.of(1, -2) })
    expect(arrays.get('i')).toEqual({ dtype: 'int16', shape: [], data: Int16Array.of(-2) })
    expect([...metadata]).toEqual([['format', 'pt']])
  })

  it('reads each dtype', () => {
    const eight = [1, 0, 0, 0, 0, 0, 0, 0]
    const cases: [code: string, shape: string, data: readonly number[], expected: object][] = [
      ['BOOL', '[2]', [1, 0], { dtype: 'bool', data: Uint8Array.of(1, 0) }],
      ['F4', '[3,2]', [0x21, 0x43, 0x65], { dtype: 'float4', data: Uint8Array.of(0x21, 0x43, 0x65) }],
      ['F6_E2M3', '[4]', [1, 2, 3], { dtype: 'float6_e2m3', data: Uint8Array.of(1, 2, 3) }],
      ['F6_E3M2', '[4]', [1, 2, 3], { dtype: 'float6_e3m2', data: Uint8Array.of(1, 2, 3) }],
      ['U8', '[2]', [1, 255], { dtype: 'uint8', data: Uint8Array.of(1, 255) }],
      ['I8', '[2]', [1, 255], { dtype: 'int8', data: Int8Array.of(1, -1) }],
      ['F8_E5M2', '[1]', [0x3c], { dtype: 'float8_e5m2', data: Uint8Array.of(0x3c) }],
      ['F8_E4M3', '[1]', [0x38], { dtype: 'float8_e4m3', data: Uint8Array.of(0x38) }],
      ['F8_E8M0', '[1]', [0x7f], { dtype: 'float8_e8m0', data: Uint8Array.of(0x7f) }],
      ['I16', '[1]', [0xff, 0xff], { dtype: 'int16', data: Int16Array.of(-1) }],
      ['U16', '[1]', [0xff, 0xff], { dtype: 'uint16', data: Uint16Array.of(65535) }],
      ['F16', '[1]', [0, 0x3c], { dtype: 'float16', data: Uint16Array.of(0x3c00) }],
      ['BF16', '[1]', [0x80, 0x3f], { dtype: 'bfloat16', data: Uint16Array.of(0x3f80) }],
      ['I32', '[1]', [255, 255, 255, 255], { dtype: 'int32', data: Int32Array.of(-1) }],
      ['U32', '[1]', [255, 255, 255, 255], { dtype: 'uint32', data: Uint32Array.of(2 ** 32 - 1) }],
      ['F32', '[1]', [0, 0, 128, 63], { dtype: 'float32', data: Float32Array.of(1) }],
      ['C64', '[1]', [0, 0, 128, 63, 0, 0, 0, 64], { dtype: 'complex64', data: Float32Array.of(1, 2) }],
      ['F64', '[1]', [0, 0, 0, 0, 0, 0, 240, 63], { dtype: 'float64', data: Float64Array.of(1) }],
      [
        'I64',
        '[1]',
        [255, 255, 255, 255, 255, 255, 255, 255],
        { dtype: 'int64', data: BigInt64Array.of(-1n) },
      ],
      ['U64', '[1]', eight, { dtype: 'uint64', data: BigUint64Array.of(1n) }],
    ]
    for (const [code, shape, data, expected] of cases) {
      const bytes = assemble(`{"x":${entry(code, shape, `[0,${data.length}]`)}}`, data)
      expect(decodeSafetensors(bytes).arrays.get('x')).toMatchObject(expected)
    }
  })

  it('reads scalars, empty arrays, unaligned data, space around and after the JSON, and fields it does not know', () => {
    const header = `{ "b" : ${entry('F32', '[]', '[1,5]')} ,"a":${entry('U8', '[1]', '[0,1]')},
      "none":{"dtype":"F64","shape":[3,0],"data_offsets":[5,5],"note":[{"any":null}]}}     `
    const { arrays, metadata } = decodeSafetensors(assemble(header, [7, 0, 0, 0, 0x40]))
    expect(arrays.get('a')).toMatchObject({ data: Uint8Array.of(7) })
    expect(arrays.get('b')).toMatchObject({ shape: [], data: Float32Array.of(2) })
    expect(arrays.get('none')).toEqual({ dtype: 'float64', shape: [3, 0], data: new Float64Array(0) })
    expect(metadata.size).toBe(0)
    expect(decodeSafetensors(assemble('{}')).arrays.size).toBe(0)
  })

  it('takes any name as a name', () => {
    const names = ['__proto__', 'constructor', 'toString', '', '权重', '😀', 'a\nb']
    const entries = names.map(
      (name, index) => `${JSON.stringify(name)}:${entry('U8', '[1]', `[${index},${index + 1}]`)}`,
    )
    const { arrays } = decodeSafetensors(
      assemble(
        `{${entries.join(',')}}`,
        names.map((_, index) => index),
      ),
    )
    expect([...arrays.keys()]).toEqual(names)
    expect(arrays.get('__proto__')?.data).toEqual(Uint8Array.of(0))
  })

  it('reads from the middle of a buffer, and gives arrays of their own', () => {
    const file = assemble(`{"x":${entry('U8', '[1]', '[0,1]')}}`, [5])
    const around = Buffer.concat([Buffer.of(1, 2, 3), file, Buffer.of(9)])
    const view = around.subarray(3, 3 + file.length)
    const { arrays } = decodeSafetensors(view)
    view.fill(0)
    expect(arrays.get('x')?.data).toEqual(Uint8Array.of(5))
  })
})

const again = 'Save the arrays again with a writer that follows the safetensors specification.'
const other = 'Check that this is a safetensors file and not another format.'
const short = 'The file is cut short: download or copy it again.'
const one = (fields: string): string => `{"x":{${fields}}}`

const malformed: [title: string, bytes: Uint8Array, message: string][] = [
  [
    'nothing',
    new Uint8Array(0),
    `f is 0 bytes long, expected at least 8 bytes for the header length. ${short}`,
  ],
  [
    'half a length',
    new Uint8Array(7),
    `f is 7 bytes long, expected at least 8 bytes for the header length. ${short}`,
  ],
  [
    'a header beyond the limit',
    assemble('{}', [], 100_000_001n),
    `header length of f is 100000001 bytes, expected at most 100000000. ${other}`,
  ],
  [
    'the largest length there is',
    assemble('{}', [], 2n ** 64n - 1n),
    `header length of f is 18446744073709551615 bytes, expected at most 100000000. ${other}`,
  ],
  [
    'a header cut short',
    assemble('{}', [], 3n),
    `header length of f is 3 bytes while 2 follow, expected the whole header. ${short}`,
  ],
  [
    'an empty header',
    assemble(''),
    `header of f is empty, expected a JSON object with '{' as its first character. ${other}`,
  ],
  [
    'a list',
    assemble('[]'),
    `header of f starts with "[", expected a JSON object with '{' as its first character. ${other}`,
  ],
  [
    'space first',
    assemble(' {}'),
    `header of f starts with " ", expected a JSON object with '{' as its first character. ${other}`,
  ],
  [
    'a byte order mark',
    assemble('\uFEFF{}'),
    `header of f starts with a byte order mark, expected '{' as its first character. ${again}`,
  ],
  [
    'broken UTF-8',
    assemble(Uint8Array.of(0x7b, 0xff, 0x7d)),
    `header of f is not valid UTF-8, expected JSON in UTF-8. ${other}`,
  ],
  ['broken JSON', assemble('{"x"}'), `header of f has "}" at character 4, expected ':'. ${again}`],
  ['an open end', assemble('{"x":1'), `header of f ends at character 6, expected ',' or '}'. ${again}`],
  [
    'zeros as padding',
    assemble('{}\0\0'),
    `header of f goes on after its last '}' at character 2, expected only spaces there. ${again}`,
  ],
  [
    'a second value',
    assemble('{}{}'),
    `header of f goes on after its last '}' at character 2, expected only spaces there. ${again}`,
  ],
  [
    'a name twice',
    assemble('{"x":1,"x":1}'),
    `header of f has the key "x" twice at character 7, expected each key once. ${again}`,
  ],
  [
    'a field twice',
    assemble(one('"dtype":"U8","dtype":"I8","shape":[],"data_offsets":[0,1]'), [0]),
    `header of f has the key "dtype" twice at character 19, expected each key once. ${again}`,
  ],
  [
    'metadata twice',
    assemble('{"__metadata__":{},"__metadata__":{}}'),
    `header of f has the key "__metadata__" twice at character 19, expected each key once. ${again}`,
  ],
  [
    'metadata as a list',
    assemble('{"__metadata__":[]}'),
    `__metadata__ of f is a list, expected an object of strings. ${again}`,
  ],
  [
    'metadata as null',
    assemble('{"__metadata__":null}'),
    `__metadata__ of f is null, expected an object of strings. ${again}`,
  ],
  [
    'a number in metadata',
    assemble('{"__metadata__":{"epoch":3}}'),
    '__metadata__ "epoch" of f is 3, expected a string. Store it as a string, for example as JSON text.',
  ],
  ['a number as entry', assemble('{"x":1}'), `tensor "x", entry of f is 1, expected an object. ${again}`],
  [
    'no dtype',
    assemble(one('"shape":[],"data_offsets":[0,1]'), [0]),
    'tensor "x", dtype of f is missing, expected one of BOOL, F4,',
  ],
  [
    'an unknown dtype',
    assemble(`{"x":${entry('float32', '[]', '[0,4]')}}`),
    'tensor "x", dtype of f is "float32", expected one of BOOL, F4,',
  ],
  [
    'a dtype of Object.prototype',
    assemble(`{"x":${entry('constructor', '[]', '[0,4]')}}`),
    'tensor "x", dtype of f is "constructor", expected one of',
  ],
  [
    'a dtype that is no string',
    assemble(one('"dtype":["U8"],"shape":[],"data_offsets":[0,1]'), [0]),
    'tensor "x", dtype of f is a list, expected one of',
  ],
  [
    'no shape',
    assemble(one('"dtype":"U8","data_offsets":[0,1]'), [0]),
    `tensor "x", shape of f is missing, expected a list of whole numbers. ${again}`,
  ],
  [
    'a shape that is a number',
    assemble(`{"x":${entry('U8', '1', '[0,1]')}}`, [0]),
    `tensor "x", shape of f is 1, expected a list of whole numbers. ${again}`,
  ],
  [
    'a negative axis',
    assemble(`{"x":${entry('U8', '[-1]', '[0,1]')}}`, [0]),
    `tensor "x", shape of f has -1, expected whole numbers of 0 or more. ${again}`,
  ],
  [
    'minus zero',
    assemble(`{"x":${entry('U8', '[-0]', '[0,0]')}}`),
    `tensor "x", shape of f has -0, expected whole numbers of 0 or more. ${again}`,
  ],
  [
    'a fractional axis',
    assemble(`{"x":${entry('U8', '[1.5]', '[0,1]')}}`, [0]),
    `tensor "x", shape of f has 1.5, expected whole numbers of 0 or more. ${again}`,
  ],
  [
    'an axis written as 1.0',
    assemble(`{"x":${entry('U8', '[1.0]', '[0,1]')}}`, [0]),
    `tensor "x", shape of f has 1.0, expected whole numbers of 0 or more. ${again}`,
  ],
  [
    'an axis written as 1e0',
    assemble(`{"x":${entry('U8', '[1e0]', '[0,1]')}}`, [0]),
    `tensor "x", shape of f has 1e0, expected whole numbers of 0 or more. ${again}`,
  ],
  [
    'an axis in quotes',
    assemble(`{"x":${entry('U8', '["1"]', '[0,1]')}}`, [0]),
    `tensor "x", shape of f has "1", expected whole numbers of 0 or more. ${again}`,
  ],
  [
    'an axis beyond 2^53',
    assemble(`{"x":${entry('U8', '[9007199254740992]', '[0,1]')}}`, [0]),
    'tensor "x", shape of f has 9007199254740992, expected numbers below 2^53. The file is damaged: get it again.',
  ],
  [
    'a size that overflows',
    assemble(`{"x":${entry('F32', '[4294967296,4294967296,4294967296,4294967296]', '[0,0]')}}`),
    'tensor "x", shape of f is [4294967296, 4294967296, 4294967296, 4294967296], expected less than 2^53 bits in all. The file is damaged.',
  ],
  [
    'half a byte',
    assemble(`{"x":${entry('F4', '[3]', '[0,2]')}}`, [0, 0]),
    `tensor "x", shape of f [3] of float4 fills 12 bits, expected whole bytes. ${again}`,
  ],
  [
    'no offsets',
    assemble(one('"dtype":"U8","shape":[1]'), [0]),
    `tensor "x", data_offsets of f is missing, expected a list of whole numbers. ${again}`,
  ],
  [
    'one offset',
    assemble(`{"x":${entry('U8', '[1]', '[0]')}}`, [0]),
    `tensor "x", data_offsets of f has 1 numbers, expected two, begin and end. ${again}`,
  ],
  [
    'three offsets',
    assemble(`{"x":${entry('U8', '[1]', '[0,1,2]')}}`, [0]),
    `tensor "x", data_offsets of f has 3 numbers, expected two, begin and end. ${again}`,
  ],
  [
    'offsets that run backwards',
    assemble(`{"x":${entry('U8', '[1]', '[1,0]')}}`, [0]),
    `tensor "x", data_offsets of f end at 0, before they begin at 1, expected begin <= end. ${again}`,
  ],
  [
    'too few bytes for the shape',
    assemble(`{"x":${entry('F32', '[2]', '[0,4]')}}`, [0, 0, 0, 0]),
    `tensor "x", data_offsets of f [0, 4] hold 4 bytes, expected as many as shape [2] of float32 needs 8. ${again}`,
  ],
  [
    'a hole at the start',
    assemble(`{"x":${entry('U8', '[1]', '[1,2]')}}`, [0, 0]),
    `tensor "x", data_offsets of f begin at 1, which leaves a hole, expected 0, where the data before it ends. ${again}`,
  ],
  [
    'a hole in the middle',
    assemble(`{"a":${entry('U8', '[1]', '[0,1]')},"b":${entry('U8', '[1]', '[2,3]')}}`, [0, 0, 0]),
    `tensor "b", data_offsets of f begin at 2, which leaves a hole, expected 1, where the data before it ends. ${again}`,
  ],
  [
    'an overlap',
    assemble(`{"a":${entry('U8', '[2]', '[0,2]')},"b":${entry('U8', '[2]', '[1,3]')}}`, [0, 0, 0]),
    `tensor "b", data_offsets of f begin at 1, which overlaps another array, expected 2, where the data before it ends. ${again}`,
  ],
  [
    'shared data',
    assemble(`{"a":${entry('U8', '[1]', '[0,1]')},"b":${entry('U8', '[1]', '[0,1]')}}`, [0]),
    `tensor "b", data_offsets of f begin at 0, which overlaps another array, expected 1, where the data before it ends. ${again}`,
  ],
  [
    'data cut short',
    assemble(`{"x":${entry('U8', '[4]', '[0,4]')}}`, [0, 0]),
    `tensor "x", data_offsets of f end at 4 while the data is 2 bytes long, expected data up to there. ${short}`,
  ],
  [
    'a claim of terabytes',
    assemble(`{"x":${entry('U8', '[1099511627776]', '[0,1099511627776]')}}`),
    `tensor "x", data_offsets of f end at 1099511627776 while the data is 0 bytes long, expected data up to there. ${short}`,
  ],
  [
    'bytes after the last array',
    assemble(`{"x":${entry('U8', '[1]', '[0,1]')}}`, [0, 0, 0]),
    `data of f is 3 bytes long while the arrays cover 1, expected no bytes after the last array. ${again}`,
  ],
  [
    'bytes without arrays',
    assemble('{}', [0]),
    `data of f is 1 bytes long while the arrays cover 0, expected no bytes after the last array. ${again}`,
  ],
  [
    'half a character in a name',
    assemble(String.raw`{"\ud800":1}`),
    `header of f has half of a surrogate pair in a string at character 1, expected whole Unicode characters. ${again}`,
  ],
]

describe('decodeSafetensors on malformed files', () => {
  it.each(malformed)('refuses %s', (_, bytes, message) => {
    const decode = (): unknown => decodeSafetensors(bytes, { source: 'f' })
    expect(decode).toThrow(CheckpointError)
    expect(decode).toThrow(`decodeSafetensors: ${message}`)
  })

  it('says where it is in fields', () => {
    const bytes = assemble(`{"x":${entry('U8', '[-1]', '[0,1]')}}`, [0])
    let caught: unknown
    try {
      decodeSafetensors(bytes)
    } catch (error) {
      caught = error
    }
    expect(caught).toMatchObject({ source: 'the given bytes', tensor: 'x', field: 'shape', got: 'has -1' })
  })
})

/** What must never happen: another error, or arrays that are not exactly the data; undefined if all is well. */
function misbehaviour(bytes: Uint8Array): string | undefined {
  try {
    const { arrays } = decodeSafetensors(bytes)
    const read = [...arrays.values()].reduce((total, { data }) => total + data.byteLength, 0)
    const header = Number(new DataView(bytes.buffer).getBigUint64(0, true))
    return read === bytes.length - 8 - header ? undefined : `read ${read} bytes`
  } catch (error) {
    return error instanceof CheckpointError ? undefined : String(error)
  }
}

describe('decodeSafetensors on damaged files', () => {
  const sound = encodeSafetensors(
    new Map([
      ['weight', { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
      ['tokens', { dtype: 'int64', shape: [2], data: BigInt64Array.of(5n, 6n) }],
      ['empty', { dtype: 'uint8', shape: [0], data: new Uint8Array(0) }],
    ] as const),
    [['format', 'pt']],
  )

  it('refuses every shorter and longer version of a sound file', () => {
    for (let length = 0; length < sound.length; length += 1) {
      expect(() => decodeSafetensors(sound.subarray(0, length))).toThrow(CheckpointError)
    }
    expect(() => decodeSafetensors(Uint8Array.of(...sound, 0))).toThrow(CheckpointError)
  })

  it('survives any single changed byte', () => {
    for (let position = 0; position < sound.length; position += 1) {
      for (const value of [0, 0x20, 0x22, 0x2d, 0x30, 0x39, 0x5c, 0x7b, 0x80, 0xff]) {
        const bytes = sound.slice()
        bytes[position] = value
        expect(misbehaviour(bytes)).toBeUndefined()
      }
    }
  })

  it('survives any number of changed, added, removed and repeated bytes', () => {
    const edit = fc.record({
      kind: fc.constantFrom('set', 'insert', 'remove', 'repeat'),
      at: fc.nat({ max: sound.length - 1 }),
      length: fc.integer({ min: 1, max: 12 }),
      value: fc.nat({ max: 255 }),
    })
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), fc.boolean(), (edits, repairLength) => {
        const bytes = [...sound]
        for (const { kind, at, length, value } of edits) {
          if (kind === 'set') bytes.fill(value, at, at + length)
          if (kind === 'insert') bytes.splice(at, 0, ...Array.from({ length }, () => value))
          if (kind === 'remove') bytes.splice(at, length)
          if (kind === 'repeat') bytes.splice(at, 0, ...bytes.slice(at, at + length))
        }
        const changed = Uint8Array.from(bytes)
        const close = bytes.lastIndexOf(0x7d)
        // Most edits break the length, and would never reach the JSON: half of the runs get a length that fits.
        if (repairLength && close >= 8) new DataView(changed.buffer).setBigUint64(0, BigInt(close - 7), true)
        expect(misbehaviour(changed)).toBeUndefined()
      }),
      { numRuns: 5000 },
    )
  })
})
