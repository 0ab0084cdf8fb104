import { add, formatShape, type HostArray, mul, sameShape, sum, type Tensor, valueAndGrad } from '@qkv/tensor'
import { type CaseContext, type CaseResult, resultOf } from './adapter.ts'
import { CaseCall, toTensor } from './case-call.ts'
import type { GoldenCase, GoldenTensors } from './golden-case.ts'
import { mismatch } from './mismatch.ts'

/** What a case computes: its outputs by name, or the one that is called `out`. */
export type Computation = (call: CaseCall) => Tensor | Readonly<Record<string, Tensor>>

/** Where qkv differs from the stored reference on purpose. */
export interface OwnConvention {
  /** What qkv does instead, and why. */
  readonly reason: string
  /** `null` when the outputs are what the convention says, else a sentence. */
  check(outputs: Readonly<Record<string, HostArray>>, testCase: GoldenCase): string | null
}

/**
 * Runs a case forward and, where it has cotangents, backward, and compares every stored output and gradient.
 * With a convention of our own the outputs are held against that one, and the case counts as skipped.
 */
export async function checkComputation(
  testCase: GoldenCase,
  context: CaseContext,
  compute: Computation,
  convention?: OwnConvention,
): Promise<CaseResult> {
  const call = new CaseCall(testCase, context.device)
  const outputs = outputsOf(compute, call)
  if (convention) {
    const problem = convention.check(await readAll(outputs), testCase)
    return problem === null
      ? { status: 'skipped', reason: convention.reason }
      : { status: 'failed', reason: `own convention (${convention.reason}): ${problem}` }
  }
  const problem =
    (await compareAll('output', outputs, testCase.outputs)) ?? (await compareGradients(call, compute))
  if (problem === null) return resultOf(null)
  const unread = call.unreadAttributes.map((name) => `'${name}'`).join(', ')
  return resultOf(unread === '' ? problem : `${problem} (attributes not read: ${unread})`)
}

function outputsOf(compute: Computation, call: CaseCall): Readonly<Record<string, Tensor>> {
  const result = compute(call)
  return isTensor(result) ? { out: result } : result
}

function isTensor(value: Tensor | Readonly<Record<string, Tensor>>): value is Tensor {
  return 'device' in value && 'spec' in value
}

async function readAll(
  tensors: Readonly<Record<string, Tensor>>,
): Promise<Readonly<Record<string, HostArray>>> {
  const values: Record<string, HostArray> = {}
  for (const [name, tensor] of Object.entries(tensors)) values[name] = await tensor.read()
  return values
}

/** `null` when every stored tensor is matched by the one of its name, else a sentence about the first that is not. */
export async function compareAll(
  kind: string,
  got: Readonly<Record<string, Tensor>>,
  wanted: GoldenTensors,
): Promise<string | null> {
  for (const [name, reference] of Object.entries(wanted)) {
    const tensor = got[name]
    if (!tensor) return `${kind} '${name}' is missing`
    if (!sameShape(tensor.shape, reference.shape)) {
      return `${kind} '${name}' has shape ${formatShape(tensor.shape)}, wanted ${formatShape(reference.shape)}`
    }
    const found = mismatch(await tensor.read(), reference)
    if (found) return `${kind} '${name}' ${found}`
  }
  return null
}

/** The derivatives of the sum over outputs of `<cotangent, output>`, against the stored ones. */
async function compareGradients(call: CaseCall, compute: Computation): Promise<string | null> {
  const { gradients, parameterGradients } = call.testCase
  const inputs = Object.keys(gradients)
  const parameters = Object.keys(parameterGradients)
  if (inputs.length + parameters.length === 0) return null
  const targets = [
    ...inputs.map((name) => call.input(name)),
    ...parameters.map((name) => call.parameter(name)),
  ]
  const loss = (): Tensor => cotangentLoss(call, outputsOf(compute, call))
  const computed = valueAndGrad(loss, targets).gradients
  const named = (names: readonly string[], start: number): Record<string, Tensor> =>
    Object.fromEntries(names.map((name, index) => [name, computed[start + index]!]))
  return (
    (await compareAll('gradient of input', named(inputs, 0), gradients)) ??
    (await compareAll('gradient of parameter', named(parameters, inputs.length), parameterGradients))
  )
}

/** The sum over outputs of `<cotangent, output>`: the scalar that stored gradients are derivatives of. */
export function cotangentLoss(call: CaseCall, outputs: Readonly<Record<string, Tensor>>): Tensor {
  return Object.entries(call.testCase.cotangents)
    .map(([name, cotangent]) => {
      const output = outputs[name]
      if (!output) throw new Error(`output '${name}' is missing, which has a cotangent`)
      return sum(mul(output, toTensor(call.device, cotangent)))
    })
    .reduce((total, part) => add(total, part))
}
