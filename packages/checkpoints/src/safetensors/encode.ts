import { HOST_IS_LITTLE_ENDIAN, swapByteOrder } from '../byte-order.ts'
import { CheckpointError } from '../checkpoint-error.ts'
import { DTYPE_RULES, DTYPES, type NamedArray, type NamedArrays, sizeInBits } from '../named-array.ts'
import { LENGTH_BYTES, LONGEST_HEADER, METADATA_KEY, type ReadContext } from './header.ts'

/** Free text by key, as safetensors allows it. A `Map` is one, and so is `Object.entries({ ... })`. */
export type Metadata = Iterable<readonly [key: string, text: string]>

const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * Writes arrays as one safetensors file. The same content gives the same bytes, whatever order it comes in: arrays are
 * laid out by alignment, strictest first, and then by name, as the format's reference implementation does.
 * Source: https://huggingface.co/docs/safetensors, "Format"
 *
 * @throws CheckpointError if a name comes twice or is `__metadata__`, or if data, shape and dtype do not fit.
 * @example
 * const weight = { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } as const
 * const bytes = encodeSafetensors(new Map([['weight', weight]]), [['format', 'pt']])
 */
export function encodeSafetensors(arrays: NamedArrays, metadata: Metadata = []): Uint8Array<ArrayBuffer> {
  const chunks = safetensorsChunks(arrays, metadata, {
    operation: 'encodeSafetensors',
    source: 'the given arrays',
  })
  const bytes = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0))
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

/** The same bytes in pieces, which share memory with the arrays: a file can be written without a copy of them all. */
export function safetensorsChunks(
  arrays: NamedArrays,
  metadata: Metadata,
  context: ReadContext,
): readonly Uint8Array[] {
  const sorted = sortArrays(arrays, context)
  const parts = metadataParts(metadata, context)
  let offset = 0
  for (const [name, { dtype, shape, data }] of sorted) {
    const end = offset + data.byteLength
    const { code } = DTYPE_RULES[dtype]
    parts.push(
      `${JSON.stringify(name)}:${JSON.stringify({ dtype: code, shape, data_offsets: [offset, end] })}`,
    )
    offset = end
  }
  return [
    encodeHeader(`{${parts.join(',')}}`, context),
    ...sorted.map(([, array]) => littleEndianBytes(array)),
  ]
}

function sortArrays(arrays: NamedArrays, context: ReadContext): [string, NamedArray][] {
  const byName = new Map<string, NamedArray>()
  for (const [name, array] of arrays) {
    if (byName.has(name)) {
      throw new CheckpointError({
        ...context,
        tensor: name,
        field: 'name',
        got: 'comes twice',
        expected: 'each name once',
        fix: 'Rename one of the two arrays.',
      })
    }
    checkArray(name, array, context)
    byName.set(name, array)
  }
  return [...byName].toSorted(
    ([leftName, left], [rightName, right]) =>
      DTYPES.indexOf(right.dtype) - DTYPES.indexOf(left.dtype) || compareCodePoints(leftName, rightName),
  )
}

function checkArray(name: string, array: NamedArray, context: ReadContext): void {
  const fail = (field: string, got: string, expected: string, fix: string): never => {
    throw new CheckpointError({ ...context, tensor: name, field, got, expected, fix })
  }
  if (name === METADATA_KEY) {
    fail(
      'name',
      `is ${METADATA_KEY}`,
      'any other name',
      'The format keeps this name for text: rename the array.',
    )
  }
  if (LONE_SURROGATE.test(name)) {
    fail('name', 'has half of a surrogate pair', 'whole Unicode characters', 'Rename the array.')
  }
  const { dtype, shape, data } = array
  const rule = Object.hasOwn(DTYPE_RULES, dtype) ? DTYPE_RULES[dtype] : undefined
  if (rule === undefined) {
    return fail('dtype', `is ${String(dtype)}`, `one of ${DTYPES.join(', ')}`, 'Convert the array first.')
  }
  if (!(data instanceof rule.array)) {
    const found = Object.prototype.toString.call(data).slice('[object '.length, -1)
    fail(
      'data',
      `is a ${found}`,
      `a ${rule.array.name} for ${dtype}`,
      'Convert the data, or correct the dtype.',
    )
  }
  if (!shape.every((axis) => Number.isSafeInteger(axis) && axis >= 0)) {
    fail('shape', `is [${shape.join(', ')}]`, 'whole numbers of 0 or more', 'Correct the shape.')
  }
  const bits = sizeInBits(dtype, shape)
  if (bits !== data.byteLength * 8) {
    const size = `shape [${shape.join(', ')}] of ${dtype}`
    fail(
      'data',
      `is ${data.byteLength} bytes long`,
      `${bits / 8} for ${size}`,
      'Correct the shape or the data.',
    )
  }
}

function metadataParts(metadata: Metadata, context: ReadContext): string[] {
  const texts = new Map<string, string>()
  for (const [key, text] of metadata) {
    const place = { ...context, field: `metadata ${JSON.stringify(key)}` }
    const fix = 'Store plain text, for example JSON, under a key of its own.'
    if (typeof text !== 'string') {
      throw new CheckpointError({ ...place, got: `is a ${typeof text}`, expected: 'a string', fix })
    }
    if (LONE_SURROGATE.test(key) || LONE_SURROGATE.test(text)) {
      const got = 'has half of a surrogate pair'
      throw new CheckpointError({ ...place, got, expected: 'whole Unicode characters', fix })
    }
    if (texts.has(key)) {
      throw new CheckpointError({ ...place, got: 'comes twice', expected: 'each key once', fix })
    }
    texts.set(key, text)
  }
  if (texts.size === 0) return []
  const pairs = [...texts]
    .toSorted(([left], [right]) => compareCodePoints(left, right))
    .map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`)
  return [`"${METADATA_KEY}":{${pairs.join(',')}}`]
}

function encodeHeader(json: string, context: ReadContext): Uint8Array {
  const text = new TextEncoder().encode(json)
  const length = Math.ceil(text.length / 8) * 8
  if (length > LONGEST_HEADER) {
    throw new CheckpointError({
      ...context,
      field: 'header',
      got: `is ${length} bytes long`,
      expected: `at most ${LONGEST_HEADER}`,
      fix: 'Shorten names and metadata, or write several files.',
    })
  }
  const bytes = new Uint8Array(LENGTH_BYTES + length).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(text, LENGTH_BYTES)
  return bytes
}

function littleEndianBytes(array: NamedArray): Uint8Array {
  const { buffer, byteOffset, byteLength } = array.data
  const bytes = new Uint8Array(buffer, byteOffset, byteLength)
  if (HOST_IS_LITTLE_ENDIAN) return bytes
  const swapped = Uint8Array.from(bytes)
  swapByteOrder(swapped, DTYPE_RULES[array.dtype].array.BYTES_PER_ELEMENT)
  return swapped
}

/** The order of the UTF-8 bytes, which is not that of the UTF-16 units that `<` compares. */
function compareCodePoints(left: string, right: string): number {
  const leftPoints = Array.from(left, (character) => character.codePointAt(0) ?? 0)
  const rightPoints = Array.from(right, (character) => character.codePointAt(0) ?? 0)
  const shared = Math.min(leftPoints.length, rightPoints.length)
  for (let index = 0; index < shared; index += 1) {
    const difference = (leftPoints[index] ?? 0) - (rightPoints[index] ?? 0)
    if (difference !== 0) return difference
  }
  return leftPoints.length - rightPoints.length
}
