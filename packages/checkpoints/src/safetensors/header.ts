import { CheckpointError } from '../checkpoint-error.ts'
import { type DType, DTYPE_RULES, DTYPES, sizeInBits } from '../named-array.ts'
import { parseStrictJson, type StrictJson, StrictJsonError } from './strict-json.ts'

/** The bytes before the header: its length as an unsigned 64-bit number, least significant byte first. */
export const LENGTH_BYTES = 8
/** The longest header that the format allows, in bytes. */
export const LONGEST_HEADER = 100_000_000
/** The key of the header that holds no array. */
export const METADATA_KEY = '__metadata__'

/** Where one array lies; offsets are in bytes from the end of the header. */
export interface TensorEntry {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

export interface SafetensorsHeader {
  /** In the order of their data, which they cover without gap or overlap. */
  readonly entries: readonly TensorEntry[]
  readonly metadata: Map<string, string>
}

/** Who reads what: the start of every error sentence. */
export interface ReadContext {
  readonly operation: string
  readonly source: string
}

const CUT_SHORT = 'The file is cut short: download or copy it again.'
const NOT_SAFETENSORS = 'Check that this is a safetensors file and not another format.'
const WRITE_AGAIN = 'Save the arrays again with a writer that follows the safetensors specification.'

const DTYPE_BY_CODE: ReadonlyMap<string, DType> = new Map(
  DTYPES.map((dtype) => [DTYPE_RULES[dtype].code, dtype]),
)

/**
 * The length of the header in bytes, from the first bytes of a file of `fileBytes` bytes.
 *
 * @throws CheckpointError if the file is too short or the length is not possible.
 */
export function readHeaderLength(start: Uint8Array, fileBytes: number, context: ReadContext): number {
  if (start.length < LENGTH_BYTES) {
    throw new CheckpointError({
      ...context,
      got: `is ${fileBytes} bytes long`,
      expected: `at least ${LENGTH_BYTES} bytes for the header length`,
      fix: CUT_SHORT,
    })
  }
  const length = new DataView(start.buffer, start.byteOffset, LENGTH_BYTES).getBigUint64(0, true)
  const place = { ...context, field: 'header length' }
  if (length > LONGEST_HEADER) {
    throw new CheckpointError({
      ...place,
      got: `is ${length} bytes`,
      expected: `at most ${LONGEST_HEADER}`,
      fix: NOT_SAFETENSORS,
    })
  }
  if (LENGTH_BYTES + Number(length) > fileBytes) {
    throw new CheckpointError({
      ...place,
      got: `is ${length} bytes while ${fileBytes - LENGTH_BYTES} follow`,
      expected: 'the whole header',
      fix: CUT_SHORT,
    })
  }
  return Number(length)
}

/**
 * Reads the JSON header and checks it against the `dataBytes` bytes that follow it.
 * Source: https://huggingface.co/docs/safetensors, "Format"
 *
 * @throws CheckpointError for whatever the format does not allow.
 */
export function parseHeader(bytes: Uint8Array, dataBytes: number, context: ReadContext): SafetensorsHeader {
  const metadata = new Map<string, string>()
  const entries: TensorEntry[] = []
  for (const [name, value] of parseHeaderJson(bytes, context)) {
    if (name === METADATA_KEY) readMetadata(value, metadata, context)
    else entries.push(readEntry(name, value, context))
  }
  entries.sort((left, right) => left.begin - right.begin || left.end - right.end)
  checkCoverage(entries, dataBytes, context)
  return { entries, metadata }
}

function parseHeaderJson(bytes: Uint8Array, context: ReadContext): Map<string, StrictJson> {
  const fail = (got: string, expected: string, fix: string, cause?: unknown): never => {
    throw new CheckpointError({ ...context, field: 'header', got, expected, fix, cause })
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    return fail('is not valid UTF-8', 'JSON in UTF-8', NOT_SAFETENSORS, cause)
  }
  if (text.startsWith('\uFEFF')) {
    return fail('starts with a byte order mark', "'{' as its first character", WRITE_AGAIN)
  }
  if (!text.startsWith('{')) {
    const got = text === '' ? 'is empty' : `starts with ${JSON.stringify(text.slice(0, 1))}`
    return fail(got, "a JSON object with '{' as its first character", NOT_SAFETENSORS)
  }
  try {
    const { value, end } = parseStrictJson(text)
    if (/[^ ]/.test(text.slice(end))) {
      return fail(`goes on after its last '}' at character ${end}`, 'only spaces there', WRITE_AGAIN)
    }
    return value as Map<string, StrictJson>
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error
    const { got, expected, position } = error.problem
    return fail(`${got} at character ${position}`, expected, WRITE_AGAIN, error)
  }
}

function readMetadata(value: StrictJson, metadata: Map<string, string>, context: ReadContext): void {
  if (!(value instanceof Map)) {
    throw new CheckpointError({
      ...context,
      field: METADATA_KEY,
      got: `is ${describe(value)}`,
      expected: 'an object of strings',
      fix: WRITE_AGAIN,
    })
  }
  for (const [key, text] of value) {
    if (typeof text !== 'string') {
      throw new CheckpointError({
        ...context,
        field: `${METADATA_KEY} ${JSON.stringify(key.slice(0, 80))}`,
        got: `is ${describe(text)}`,
        expected: 'a string',
        fix: 'Store it as a string, for example as JSON text.',
      })
    }
    metadata.set(key, text)
  }
}

function readEntry(name: string, value: StrictJson, context: ReadContext): TensorEntry {
  const fail = (field: string, got: string, expected: string, fix: string = WRITE_AGAIN): never => {
    throw new CheckpointError({ ...context, tensor: name, field, got, expected, fix })
  }
  if (!(value instanceof Map)) return fail('entry', `is ${describe(value)}`, 'an object')

  const wholeNumbers = (field: string): number[] => {
    const list = value.get(field)
    if (list === undefined) return fail(field, 'is missing', 'a list of whole numbers')
    if (!Array.isArray(list)) return fail(field, `is ${describe(list)}`, 'a list of whole numbers')
    return list.map((item) => {
      const literal = item !== null && typeof item === 'object' && 'literal' in item ? item.literal : ''
      if (!/^(?:0|[1-9]\d*)$/.test(literal)) {
        return fail(field, `has ${describe(item)}`, 'whole numbers of 0 or more')
      }
      const number = Number(literal)
      if (number <= Number.MAX_SAFE_INTEGER) return number
      return fail(field, `has ${describe(item)}`, 'numbers below 2^53', 'The file is damaged: get it again.')
    })
  }

  const code = value.get('dtype')
  const dtype = typeof code === 'string' ? DTYPE_BY_CODE.get(code) : undefined
  if (dtype === undefined) {
    const known = [...DTYPE_BY_CODE.keys()].join(', ')
    const got = code === undefined ? 'is missing' : `is ${describe(code)}`
    return fail('dtype', got, `one of ${known}`, 'Convert the array to one of these types.')
  }
  const shape = wholeNumbers('shape')
  const offsets = wholeNumbers('data_offsets')
  const [begin, end] = offsets
  if (begin === undefined || end === undefined || offsets.length !== 2) {
    return fail('data_offsets', `has ${offsets.length} numbers`, 'two, begin and end')
  }
  if (end < begin) return fail('data_offsets', `end at ${end}, before they begin at ${begin}`, 'begin <= end')

  const bits = sizeInBits(dtype, shape)
  if (Number.isNaN(bits)) {
    return fail('shape', `is [${shape.join(', ')}]`, 'less than 2^53 bits in all', 'The file is damaged.')
  }
  if (bits % 8 !== 0) {
    return fail('shape', `[${shape.join(', ')}] of ${dtype} fills ${bits} bits`, 'whole bytes')
  }
  if (bits / 8 !== end - begin) {
    const size = `shape [${shape.join(', ')}] of ${dtype} needs ${bits / 8}`
    return fail('data_offsets', `[${begin}, ${end}] hold ${end - begin} bytes`, `as many as ${size}`)
  }
  return { name, dtype, shape, begin, end }
}

function checkCoverage(entries: readonly TensorEntry[], dataBytes: number, context: ReadContext): void {
  let covered = 0
  for (const { name, begin, end } of entries) {
    const place = { ...context, tensor: name, field: 'data_offsets' }
    if (begin !== covered) {
      throw new CheckpointError({
        ...place,
        got: `begin at ${begin}, which ${begin < covered ? 'overlaps another array' : 'leaves a hole'}`,
        expected: `${covered}, where the data before it ends`,
        fix: WRITE_AGAIN,
      })
    }
    if (end > dataBytes) {
      throw new CheckpointError({
        ...place,
        got: `end at ${end} while the data is ${dataBytes} bytes long`,
        expected: 'data up to there',
        fix: CUT_SHORT,
      })
    }
    covered = end
  }
  if (covered !== dataBytes) {
    throw new CheckpointError({
      ...context,
      field: 'data',
      got: `is ${dataBytes} bytes long while the arrays cover ${covered}`,
      expected: 'no bytes after the last array',
      fix: WRITE_AGAIN,
    })
  }
}

function describe(value: StrictJson): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80))
  if (typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return 'a list'
  return value instanceof Map ? 'an object' : value.literal.slice(0, 80)
}
