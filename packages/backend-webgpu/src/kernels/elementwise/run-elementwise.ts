import { type OpCall, type OpInput, sizeOf } from '@qkv/tensor'
import { type Binding, forEachIndex, type Program, threads } from '../../commands/program.ts'
import { dispatch, donorOf, handleOf, isDense, type KernelContext } from '../../kernel.ts'
import type { GpuHandle } from '../../memory/arena.ts'
import { mergeAxes } from '../../merge-axes.ts'
import { scalarOf, vectorOf } from '../../wgsl/element-type.ts'
import { walkCode, walkParameters, walkValues } from '../../wgsl/strided.ts'
import { type Formula, textOf } from './formula.ts'

/** How an input is read: in step with the output, over it, one element for all, or through strides. */
type Reading = 'dense' | 'donated' | 'constant' | 'strided'

const names = ['a', 'b', 'c'] as const
const lanes = ['x', 'y', 'z', 'w'] as const

/** Runs a formula over the elements of the inputs, four at a time where all of them lie in step. */
export function runElementwise(call: OpCall, context: KernelContext, formula: Formula): readonly GpuHandle[] {
  const output = call.outputs[0]!
  const donor = donorOf(call, output)
  const target = donor >= 0 ? handleOf(call, donor) : context.arena.allocate(output)
  target.range = undefined
  const size = sizeOf(output.shape)
  const readings = call.inputs.map((input, index) => (index === donor ? 'donated' : readingOf(input)))
  const plan = planOf(call, formula, readings)
  const read = call.inputs.flatMap((_, index) => (index === donor ? [] : [handleOf(call, index)]))
  const own = formula.values?.(call.attrs as never, call.scalars) ?? []
  const units = plan.wide ? Math.ceil(size / 4) : size
  const values = [units, ...own, ...plan.values]
  dispatch(context, plan.program, [target, ...read], values, Math.ceil(units / threads))
  return [target]
}

function readingOf(input: OpInput): Reading {
  const { shape } = input.spec
  if (isDense(input)) return sizeOf(shape) === 1 ? 'constant' : 'dense'
  if (shape.every((length, axis) => length === 1 || input.layout.strides[axis] === 0)) return 'constant'
  return 'strided'
}

interface Plan {
  readonly program: Program
  readonly values: readonly number[]
  /** Whether an invocation makes four elements. */
  readonly wide: boolean
}

function planOf(call: OpCall, formula: Formula, readings: readonly Reading[]): Plan {
  const { inputs, attrs } = call
  const output = call.outputs[0]!
  const wide = !readings.includes('strided')
  const strided = names.filter((_, index) => readings[index] === 'strided')
  const constant = names.filter((_, index) => readings[index] === 'constant')
  const layouts = inputs.filter((_, index) => readings[index] === 'strided').map(({ layout }) => layout)
  const merged = mergeAxes(
    output.shape,
    layouts.map(({ strides }) => strides),
  )
  const rank = merged.shape.length
  const text = textOf(formula, inputs[0]?.spec.dtype ?? output.dtype, attrs)
  const types = inputs.map(({ spec }) => scalarOf(spec.dtype))
  const result = scalarOf(output.dtype)
  const walk = wide ? [] : walkParameters(rank, strided)
  const program: Program = {
    key: ['elementwise', text, types.join(), output.dtype, readings.join(), wide ? 'wide' : rank].join('/'),
    parameters: [
      ['size', 'u32'],
      ...(formula.parameters ?? []).map((name) => [name, 'f32'] as const),
      ...constant.map((name) => [`${name}Place`, 'u32'] as const),
      ...walk,
    ],
    bindings: [
      { name: 'target_', type: wide ? vectorOf(result) : result, access: 'read_write' },
      ...readings.flatMap((reading, index): readonly Binding[] => {
        const type = wide && reading === 'dense' ? vectorOf(types[index]!) : types[index]!
        return reading === 'donated' ? [] : [{ name: names[index]!, type, access: 'read' }]
      }),
    ],
    body: () =>
      [
        functionOf(text, types, output.dtype === 'bool' && !formula.moves, result),
        forEachIndex(wide ? wideCode(readings, result) : stridedCode(readings, rank)),
      ].join('\n'),
  }
  const places = inputs
    .filter((_, index) => readings[index] === 'constant')
    .map(({ layout }) => layout.offset)
  const walkNumbers = wide
    ? []
    : walkValues(
        merged,
        layouts.map(({ offset }) => offset),
      )
  return { program, values: [...places, ...walkNumbers], wide }
}

function functionOf(text: string, types: readonly string[], condition: boolean, result: string): string {
  const taken = [...types.map((type, index) => `${names[index]}: ${type}`), 'index: u32']
  const value = condition ? `select(0, 1, ${text})` : text
  return `fn formula(${taken.join(', ')}) -> ${result} { return ${value}; }`
}

function wideCode(readings: readonly Reading[], result: string): string {
  const whole = readings.map((reading, index) => {
    const name = names[index]!
    const source =
      reading === 'donated'
        ? 'target_[index]'
        : reading === 'constant'
          ? `${name}[parameters.${name}Place]`
          : `${name}[index]`
    return `  let ${name}Whole = ${source};`
  })
  const values = lanes.map((lane, place) => {
    const taken = readings.map(
      (reading, index) => `${names[index]}Whole${reading === 'constant' ? '' : `.${lane}`}`,
    )
    return `formula(${[...taken, `4u * index + ${place}u`].join(', ')})`
  })
  return [...whole, `  target_[index] = vec4<${result}>(${values.join(', ')});`].join('\n')
}

function stridedCode(readings: readonly Reading[], rank: number): string {
  const strided = names.filter((_, index) => readings[index] === 'strided')
  const taken = readings.map((reading, index) => {
    const name = names[index]!
    if (reading === 'donated') return 'target_[index]'
    if (reading === 'dense') return `${name}[index]`
    return reading === 'constant' ? `${name}[parameters.${name}Place]` : `${name}[${name}At]`
  })
  return `${walkCode(rank, strided)}
  target_[index] = formula(${[...taken, 'index'].join(', ')});`
}
