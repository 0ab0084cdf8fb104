import { BackendError } from '@qkv/tensor'
import type { GpujsOptions } from './create-gpujs-backend.ts'
import { modes } from './engine/modes.ts'

const known: readonly string[] = ['mode', 'kernelLimit', 'packedProducts'] satisfies (keyof GpujsOptions)[]

/** Throws a `BackendError` for options that are none, and for values that an option cannot have. */
export function checkOptions(options: GpujsOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw optionError('options', options, 'an object', "Write gpujs({ mode: 'webasm' }), or leave it out.")
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new BackendError({
      operation: 'gpujs',
      argument: unknown,
      got: 'is no option',
      expected: `one of ${known.join(', ')}`,
      fix: 'Correct the name, or leave it out.',
    })
  }
  const { mode, kernelLimit, packedProducts } = options
  if (mode !== undefined && !modes.includes(mode)) {
    throw optionError(
      'mode',
      mode,
      `one of ${modes.join(', ')}`,
      'Leave it out for the first that runs here.',
    )
  }
  if (kernelLimit !== undefined && !(Number.isSafeInteger(kernelLimit) && kernelLimit >= 1)) {
    throw optionError('kernelLimit', kernelLimit, 'a whole number of at least 1', 'Leave it out for 2,000.')
  }
  if (packedProducts !== undefined && typeof packedProducts !== 'boolean') {
    throw optionError('packedProducts', packedProducts, 'true or false', 'Leave it out for true.')
  }
}

function optionError(argument: string, value: unknown, expected: string, fix: string): BackendError {
  const got = `is ${typeof value === 'string' ? `'${value}'` : String(value)}`
  return new BackendError({ operation: 'gpujs', argument, got, expected, fix })
}
