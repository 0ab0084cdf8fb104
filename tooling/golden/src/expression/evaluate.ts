import {
  broadcastTo,
  clamp,
  cumsum,
  logSoftmax,
  matmul,
  neg,
  type Operand,
  reshape,
  softmax,
  softplus,
  squeeze,
  Tensor,
  transpose,
  unsqueeze,
  where,
} from '@qkv/tensor'
import { takeRanges } from '../index-ranges.ts'
import { binaryFunctions, reductionFunctions, unaryFunctions } from '../torch-functions.ts'
import { parseProgram } from './parse.ts'
import type { Argument, BinaryOperator, Expression } from './syntax.ts'

type Value = Operand | null | readonly Value[]
type Names = Readonly<Record<string, Value>>

/** The arguments of a call after its tensor. */
interface CallArguments {
  readonly positional: readonly Value[]
  readonly named: Names
}

const operators: Readonly<Record<Exclude<BinaryOperator, '@'>, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '**': 'pow',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '==': 'eq',
  '!=': 'ne',
}

const plainArithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '**': (a, b) => a ** b,
}

/** Functions and methods with arguments of their own; the others are in the tables by kind. */
const furtherFunctions: Readonly<Record<string, (x: Tensor, call: CallArguments) => Tensor>> = {
  matmul: (x, call) => matmul(x, asTensor(call.positional[0])),
  permute: (x, call) => transpose(x, { order: numbers(call, 'dims') }),
  reshape: (x, call) => reshape(x, numbers(call, 'shape')),
  view: (x, call) => reshape(x, numbers(call, 'shape')),
  expand: (x, call) => broadcastTo(x, numbers(call, 'size')),
  broadcast_to: (x, call) => broadcastTo(x, numbers(call, 'size')),
  contiguous: (x) => x,
  flatten: (x) => reshape(x, [-1]),
  t: (x) => transpose(x),
  transpose(x, call) {
    const [first, second] = numbers(call, 'dims').map((axis) => (axis + x.rank) % x.rank)
    const order = x.shape.map((_, axis) => (axis === first ? second! : axis === second ? first! : axis))
    return transpose(x, { order })
  },
  squeeze: (x, call) => squeeze(x, axisOf(call) === undefined ? {} : { axis: axisOf(call)! }),
  unsqueeze: (x, call) => unsqueeze(x, { axis: asNumber(axisOf(call) ?? null) }),
  softmax: (x, call) => softmax(x, { axis: asNumber(axisOf(call) ?? null) }),
  log_softmax: (x, call) => logSoftmax(x, { axis: asNumber(axisOf(call) ?? null) }),
  cumsum: (x, call) => cumsum(x, { axis: asNumber(axisOf(call) ?? null) }),
  softplus: (x) => softplus(x),
  clamp(x, { positional, named }) {
    const min = named['min'] ?? positional[0] ?? null
    const max = named['max'] ?? positional[1] ?? null
    return clamp(x, {
      ...(min !== null && { min: asNumber(min) }),
      ...(max !== null && { max: asNumber(max) }),
    })
  },
  where: (x, { positional: [a, b] }) => where(x, asOperand(a), asOperand(b)),
}

/**
 * Computes an `expr` case from its inputs. A call that is given no tensor, such as the first one in
 * `permute(1, 0).reshape(-1)`, works on the only input.
 *
 * @example
 * evaluate('x * x + x * exp(x) - x', { x })
 */
export function evaluate(source: string, inputs: Readonly<Record<string, Tensor>>): Tensor {
  const names: Record<string, Value> = { ...inputs }
  let result: Value = null
  for (const statement of parseProgram(source)) {
    result = valueOf(statement.value, names, inputs)
    if (statement.name !== undefined) names[statement.name] = result
  }
  return asTensor(result)
}

function valueOf(expression: Expression, names: Names, inputs: Readonly<Record<string, Tensor>>): Value {
  const evaluated = (part: Expression): Value => valueOf(part, names, inputs)
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'name':
      if (!Object.hasOwn(names, expression.name)) throw new Error(`unknown name '${expression.name}'`)
      return names[expression.name]!
    case 'tuple':
      return expression.items.map((item) => evaluated(item))
    case 'negation':
      return negate(evaluated(expression.operand))
    case 'binary':
      return binary(expression.operator, evaluated(expression.left), evaluated(expression.right))
    case 'index':
      return takeRanges(asTensor(evaluated(expression.receiver)), expression.ranges)
    case 'method':
      return apply(
        expression.name,
        evaluated(expression.receiver),
        callArguments(expression.arguments, evaluated),
      )
    case 'call': {
      const { positional, named } = callArguments(expression.arguments, evaluated)
      if (positional.length === 2 && Object.hasOwn(binaryFunctions, expression.name)) {
        return binaryFunctions[expression.name]!(asOperand(positional[0]), asOperand(positional[1]))
      }
      if (positional[0] instanceof Tensor) {
        return apply(expression.name, positional[0], { positional: positional.slice(1), named })
      }
      const [only, ...others] = Object.values(inputs)
      if (!only || others.length > 0) throw new Error(`'${expression.name}' is called without a tensor`)
      return apply(expression.name, only, { positional, named })
    }
  }
}

function callArguments(list: readonly Argument[], evaluated: (part: Expression) => Value): CallArguments {
  return {
    positional: list.filter(({ name }) => name === undefined).map(({ value }) => evaluated(value)),
    named: Object.fromEntries(
      list.flatMap(({ name, value }) => (name === undefined ? [] : [[name, evaluated(value)]])),
    ),
  }
}

function negate(value: Value): Value {
  return typeof value === 'number' ? -value : neg(asTensor(value))
}

function binary(operator: BinaryOperator, left: Value, right: Value): Value {
  if (operator === '@') return matmul(asTensor(left), asTensor(right))
  if (typeof left === 'number' && typeof right === 'number') {
    const compute = plainArithmetic[operator]
    if (!compute) throw new Error(`'${operator}' compares two plain numbers`)
    return compute(left, right)
  }
  return binaryFunctions[operators[operator]]!(asOperand(left), asOperand(right))
}

function apply(name: string, receiver: Value, call: CallArguments): Tensor {
  const x = asTensor(receiver)
  const unary = Object.hasOwn(unaryFunctions, name) ? unaryFunctions[name] : undefined
  if (unary) return unary(x)
  const further = Object.hasOwn(furtherFunctions, name) ? furtherFunctions[name] : undefined
  if (further) return further(x, call)
  const combined = Object.hasOwn(binaryFunctions, name) ? binaryFunctions[name] : undefined
  if (combined) return combined(x, asOperand(call.positional[0]))
  const reduction = Object.hasOwn(reductionFunctions, name) ? reductionFunctions[name] : undefined
  if (!reduction) throw new Error(`function '${name}' is not mapped`)
  const keepAxes = call.named['keepdim'] ?? call.named['keepdims'] ?? call.positional[1] ?? false
  return reduction(x, { axis: axisOf(call), keepAxes: keepAxes === true })
}

/** The axis or axes of a call, `undefined` when none is named. */
function axisOf({ positional, named }: CallArguments): number | readonly number[] | undefined {
  const value = named['dim'] ?? named['axis'] ?? positional[0] ?? null
  if (value === null) return undefined
  return Array.isArray(value) ? value.map((item) => asNumber(item)) : asNumber(value)
}

/** A list of numbers, given as one tuple or as separate arguments. */
function numbers({ positional, named }: CallArguments, name: string): readonly number[] {
  const list = named[name] ?? (Array.isArray(positional[0]) ? positional[0] : positional)
  return [list].flat().map((item) => asNumber(item as Value))
}

function asNumber(value: Value): number {
  if (typeof value === 'number') return value
  throw new Error(`expected a number, got ${String(value)}`)
}

function asTensor(value: Value | undefined): Tensor {
  if (value instanceof Tensor) return value
  throw new Error(`expected a tensor, got ${String(value)}`)
}

function asOperand(value: Value | undefined): Operand {
  if (value instanceof Tensor || typeof value === 'number' || typeof value === 'boolean') return value
  throw new Error(`expected a tensor or a number, got ${String(value)}`)
}
