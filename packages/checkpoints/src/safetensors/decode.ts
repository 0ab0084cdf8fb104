import { HOST_IS_LITTLE_ENDIAN, swapByteOrder } from '../byte-order.ts'
import { arrayFromBytes, DTYPE_RULES, type NamedArray } from '../named-array.ts'
import { LENGTH_BYTES, parseHeader, type ReadContext, readHeaderLength, type TensorEntry } from './header.ts'

/** The content of a safetensors file. Maps, so that any name is safe. */
export interface Safetensors {
  readonly arrays: Map<string, NamedArray>
  readonly metadata: Map<string, string>
}

export interface DecodeOptions {
  /** What errors call the bytes, for example a file name. By default `the given bytes`. */
  readonly source?: string
}

/**
 * Reads the arrays of a safetensors file; they own their memory and come in the order of their data.
 * Source: https://huggingface.co/docs/safetensors, "Format"
 *
 * @throws CheckpointError for whatever the format does not allow: see the sentence for the place and the fix.
 * @example
 * const { arrays } = decodeSafetensors(bytes, { source: 'model.safetensors' })
 * const weight = arrays.get('encoder.weight')
 */
export function decodeSafetensors(bytes: Uint8Array, options: DecodeOptions = {}): Safetensors {
  const context: ReadContext = {
    operation: 'decodeSafetensors',
    source: options.source ?? 'the given bytes',
  }
  const headerLength = readHeaderLength(bytes.subarray(0, LENGTH_BYTES), bytes.length, context)
  const dataStart = LENGTH_BYTES + headerLength
  const { entries, metadata } = parseHeader(
    bytes.subarray(LENGTH_BYTES, dataStart),
    bytes.length - dataStart,
    context,
  )
  const arrays = new Map<string, NamedArray>()
  for (const entry of entries) {
    // A copy: the data may lie at an odd address, and the caller may use `bytes` again.
    const data = new Uint8Array(entry.end - entry.begin)
    data.set(bytes.subarray(dataStart + entry.begin, dataStart + entry.end))
    arrays.set(entry.name, arrayFromEntry(entry, data))
  }
  return { arrays, metadata }
}

/** The array of a header entry over its bytes, which it then owns. */
export function arrayFromEntry(entry: TensorEntry, data: Uint8Array<ArrayBuffer>): NamedArray {
  if (!HOST_IS_LITTLE_ENDIAN) swapByteOrder(data, DTYPE_RULES[entry.dtype].array.BYTES_PER_ELEMENT)
  return arrayFromBytes(entry.dtype, entry.shape, data)
}
