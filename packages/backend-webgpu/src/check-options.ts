import { webGpuError } from './errors.ts'
import type { MatmulPrecision, MatmulVariant } from './kernels/matmul/variant.ts'
import type { WebGpuOptions } from './options.ts'

const known: Readonly<Record<keyof WebGpuOptions, true>> = {
  gpu: true,
  module: true,
  powerPreference: true,
  matmul: true,
  matmulPrecision: true,
  pooledBytes: true,
}
const variants: Readonly<Record<MatmulVariant, true>> = {
  auto: true,
  direct: true,
  tiled: true,
  subgroups: true,
  reduced: true,
  naive: true,
}
const precisions: Readonly<Record<MatmulPrecision, true>> = { float32: true, float16: true }
const powerPreferences = ['low-power', 'high-performance']

/** Throws a `BackendError` for options that are none, and for values that an option cannot have. */
export function checkOptions(options: WebGpuOptions): void {
  if (typeof options !== 'object' || options === null)
    throw optionError('options', options, 'an object', "Write webgpu({ matmul: 'direct' }), or leave it out.")
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name))
  if (unknown !== undefined) {
    throw webGpuError({
      argument: unknown,
      got: 'is no option',
      expected: `one of ${Object.keys(known).join(', ')}`,
      fix: 'Correct the name, or leave it out.',
    })
  }
  const { gpu, module, powerPreference, matmul, matmulPrecision, pooledBytes } = options
  const platform = 'Leave it out for the one of this platform.'
  if (gpu !== undefined && typeof gpu?.requestAdapter !== 'function')
    throw optionError('gpu', gpu, 'an object with `requestAdapter`, such as `navigator.gpu`', platform)
  if (module !== undefined && typeof module !== 'string')
    throw optionError('module', module, 'the name or the URL of a module', 'Leave it out for webgpu.')
  if (powerPreference !== undefined && !powerPreferences.includes(powerPreference))
    throw optionError('powerPreference', powerPreference, `one of ${powerPreferences.join(', ')}`, platform)
  if (matmul !== undefined && !Object.hasOwn(variants, matmul))
    throw optionError(
      'matmul',
      matmul,
      `one of ${Object.keys(variants).join(', ')}`,
      'Leave it out for auto.',
    )
  if (matmulPrecision !== undefined && !Object.hasOwn(precisions, matmulPrecision))
    throw optionError(
      'matmulPrecision',
      matmulPrecision,
      "'float32' or 'float16'",
      'Leave it out for float32.',
    )
  if (matmulPrecision === 'float16' && matmul !== undefined && matmul !== 'auto' && matmul !== 'tiled') {
    throw webGpuError({
      argument: 'matmulPrecision',
      got: `is 'float16' with matmul: '${matmul}', which multiplies in float32 alone`,
      expected: "matmul: 'tiled' or 'auto' beside it",
      fix: "Leave out `matmul`, or ask for matmulPrecision: 'float32'.",
    })
  }
  // Infinity is no bound at all.
  if (pooledBytes !== undefined && !(typeof pooledBytes === 'number' && pooledBytes >= 0))
    throw optionError('pooledBytes', pooledBytes, 'a number of at least 0', 'Leave it out for 512 MiB.')
}

function optionError(argument: string, value: unknown, expected: string, fix: string): Error {
  const got = `is ${typeof value === 'string' ? `'${value}'` : String(value)}`
  return webGpuError({ argument, got, expected, fix })
}
