import { ArgumentError, type Device, type Tensor } from '@qkv/tensor'

/**
 * Token ids as one int32 tensor `[rows, longest]`, filled up at the end with the padding id.
 * Throws an `ArgumentError` for an empty batch, and for an id outside the vocabulary with its place.
 *
 * @example
 * const source = padTokens(device, [[5, 6, 7], [8]], { paddingId: 0, vocabularySize: 100 }) // [2, 3]
 */
export function padTokens(
  device: Device,
  rows: readonly (readonly number[])[],
  options: { readonly paddingId: number; readonly vocabularySize: number },
): Tensor {
  const { paddingId, vocabularySize } = options
  const longest = Math.max(0, ...rows.map(({ length }) => length))
  if (longest === 0) {
    throw new ArgumentError({
      operation: 'padTokens',
      argument: 'rows',
      got: rows.length === 0 ? 'is empty' : 'holds only empty sequences',
      expected: 'at least one sequence with a token',
      fix: 'Leave empty texts out before the model sees them.',
    })
  }
  const data = new Int32Array(rows.length * longest).fill(paddingId)
  rows.forEach((row, index) => {
    row.forEach((id, position) => {
      if (!Number.isInteger(id) || id < 0 || id >= vocabularySize)
        throw idError(id, index, position, vocabularySize)
    })
    data.set(row, index * longest)
  })
  return device.tensor(data, { shape: [rows.length, longest] })
}

/**
 * The next tokens of sequences that are decoded together, int32 `[rows, length]`. Throws an `ArgumentError` unless all
 * have equally many, since filled-up ones would be taken for text.
 */
export function stackTokens(
  device: Device,
  rows: readonly (readonly number[])[],
  options: { readonly vocabularySize: number },
): Tensor {
  const odd = rows.findIndex(({ length }) => length !== rows[0]!.length)
  if (odd < 0) return padTokens(device, rows, { ...options, paddingId: 0 })
  throw new ArgumentError({
    operation: 'advance',
    argument: `tokens[${odd}]`,
    got: `has ${rows[odd]!.length} tokens, and tokens[0] has ${rows[0]!.length}`,
    expected: 'equally many tokens for every sequence',
    fix: 'Decode sequences of different lengths one after the other.',
  })
}

function idError(id: number, row: number, position: number, vocabularySize: number): ArgumentError {
  return new ArgumentError({
    operation: 'padTokens',
    argument: `rows[${row}][${position}]`,
    got: `is ${id}`,
    expected: `a token id from 0 to ${vocabularySize - 1}`,
    fix: 'Use the tokenizer that the model was trained with.',
  })
}
