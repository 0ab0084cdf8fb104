import type { Device, Tensor } from '@qkv/tensor'
import type { GoldenCase, GoldenTensor, GoldenTensors } from './golden-case.ts'

const namedNumbers: Readonly<Record<string, number>> = { inf: Infinity, '-inf': -Infinity, nan: NaN }

/**
 * The arguments of a case, by name: its tensors on a device, and its attributes by type. Reading what the case lacks
 * throws, unless the getter is an optional one. An attribute that is `null` counts as absent.
 */
export class CaseCall {
  readonly device: Device
  readonly testCase: GoldenCase
  readonly #inputs: Readonly<Record<string, Tensor>>
  readonly #parameters: Readonly<Record<string, Tensor>>
  readonly #read = new Set<string>()

  constructor(testCase: GoldenCase, device: Device) {
    this.testCase = testCase
    this.device = device
    this.#inputs = toTensors(device, testCase.inputs)
    this.#parameters = toTensors(device, testCase.parameters)
  }

  /** All inputs, in the order in which they are stored. */
  get inputs(): Readonly<Record<string, Tensor>> {
    return this.#inputs
  }

  /** All parameters, under their stored names. */
  get parameters(): Readonly<Record<string, Tensor>> {
    return this.#parameters
  }

  input(name: string): Tensor {
    return this.optionalInput(name) ?? this.#lacks('input', name)
  }

  optionalInput(name: string): Tensor | undefined {
    return this.#inputs[name]
  }

  parameter(name: string): Tensor {
    return this.optionalParameter(name) ?? this.#lacks('parameter', name)
  }

  optionalParameter(name: string): Tensor | undefined {
    return this.#parameters[name]
  }

  number(name: string): number {
    return this.optionalNumber(name) ?? this.#lacks('attribute', name)
  }

  /** JSON has no infinities and no NaN: they are stored as `inf`, `-inf` and `nan`. */
  optionalNumber(name: string): number | undefined {
    const value = this.#attribute<number | string>(
      name,
      'a number',
      (value) => typeof value === 'number' || (typeof value === 'string' && value in namedNumbers),
    )
    return typeof value === 'string' ? namedNumbers[value] : value
  }

  boolean(name: string): boolean {
    return this.optionalBoolean(name) ?? this.#lacks('attribute', name)
  }

  optionalBoolean(name: string): boolean | undefined {
    return this.#attribute(name, 'true or false', (value) => typeof value === 'boolean')
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.#lacks('attribute', name)
  }

  optionalText(name: string): string | undefined {
    return this.#attribute(name, 'a string', (value) => typeof value === 'string')
  }

  /** A list of numbers; a single number counts as a list of one. */
  numbers(name: string): readonly number[] {
    return this.optionalNumbers(name) ?? this.#lacks('attribute', name)
  }

  optionalNumbers(name: string): readonly number[] | undefined {
    const value = this.#attribute<number | readonly number[]>(
      name,
      'a number or a list of numbers',
      (value) =>
        typeof value === 'number' ||
        (Array.isArray(value) && value.every((item) => typeof item === 'number')),
    )
    return typeof value === 'number' ? [value] : value
  }

  /** Attributes that nothing asked for: a hint when the numbers are wrong. */
  get unreadAttributes(): readonly string[] {
    return Object.keys(this.testCase.attrs).filter((name) => !this.#read.has(name))
  }

  #attribute<Value>(name: string, expected: string, accepts: (value: unknown) => boolean): Value | undefined {
    this.#read.add(name)
    const value = this.testCase.attrs[name] ?? undefined
    if (value === undefined || accepts(value)) return value as Value | undefined
    throw new Error(`attribute '${name}' is ${JSON.stringify(value)}, expected ${expected}`)
  }

  #lacks(kind: string, name: string): never {
    throw new Error(`a case of op '${this.testCase.op}' without ${kind} '${name}'`)
  }
}

/** A stored tensor on a device; doubles become floats. */
export function toTensor(device: Device, { dtype, shape, data }: GoldenTensor): Tensor {
  const dtypes = { f32: 'float32', f64: 'float32', i32: 'int32', bool: 'bool' } as const
  return device.tensor(data, { shape, dtype: dtypes[dtype] })
}

function toTensors(device: Device, section: GoldenTensors): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(Object.entries(section).map(([name, stored]) => [name, toTensor(device, stored)]))
}
