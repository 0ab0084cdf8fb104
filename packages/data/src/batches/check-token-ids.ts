import { DataError } from '../data-error.ts'

const largestId = 2 ** 31 - 1

/** Throws a DataError unless every id is a whole number that an Int32Array holds unchanged. */
export function checkTokenIds(operation: string, argument: string, ids: ArrayLike<number>): void {
  for (let index = 0; index < ids.length; index += 1) {
    const id = ids[index] as number
    if (Number.isInteger(id) && id >= 0 && id <= largestId) continue
    throw new DataError({
      operation,
      argument,
      got: `has the token id ${String(id)} at index ${index}`,
      expected: `whole numbers from 0 to ${largestId}`,
      fix: 'pass the ids that a tokenizer gives',
    })
  }
}
