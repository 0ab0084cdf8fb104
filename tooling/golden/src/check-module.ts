import type { Module } from '@qkv/nn'
import { type Tensor, valueAndGrad } from '@qkv/tensor'
import { type CaseContext, type CaseResult, resultOf } from './adapter.ts'
import { CaseCall } from './case-call.ts'
import { compareAll, cotangentLoss } from './check-computation.ts'
import type { GoldenCase, GoldenTensors } from './golden-case.ts'
import { type Renaming, renamedTensors, storedWeights } from './stored-weights.ts'

/** A module that a case is about. */
export interface ModuleUnderTest {
  readonly module: Module
  /** From the case's parameter names to the module's paths. */
  readonly rename: Renaming
  /** What it computes, by the names of the case's outputs. */
  forward(): Readonly<Record<string, Tensor>>
  /** Where qkv differs from the stored outputs on purpose: why, and what it gives instead. */
  readonly convention?: { readonly reason: string; readonly outputs: GoldenTensors }
}

/**
 * Loads the stored parameters into the module that `create` makes, runs it forward and, where the case has
 * cotangents, backward, and compares every output, and every gradient by inputs and parameters. With a convention of
 * our own the outputs are held against that one, and the case counts as skipped.
 */
export async function checkModule(
  testCase: GoldenCase,
  { device }: CaseContext,
  create: (call: CaseCall) => ModuleUnderTest,
): Promise<CaseResult> {
  const call = new CaseCall(testCase, device)
  const { module, rename, forward, convention } = create(call)
  try {
    const unread = call.unreadAttributes.filter((name) => Boolean(testCase.attrs[name]))
    if (unread.length > 0) throw new Error(`attributes that are not mapped: ${unread.join(', ')}`)
    module.loadState(rename(storedWeights(testCase.parameters)))
    if (convention) {
      const { reason, outputs } = convention
      const problem = await compareAll('output', forward(), outputs)
      return problem === null
        ? { status: 'skipped', reason }
        : { status: 'failed', reason: `own convention (${reason}): ${problem}` }
    }
    const problem = await compareAll('output', forward(), testCase.outputs)
    return resultOf(problem ?? (await compareGradients(call, module, rename, forward)))
  } finally {
    module.dispose()
  }
}

async function compareGradients(
  call: CaseCall,
  module: Module,
  rename: Renaming,
  forward: ModuleUnderTest['forward'],
): Promise<string | null> {
  const { gradients, parameterGradients } = call.testCase
  const inputs = Object.keys(gradients)
  const wanted = renamedTensors(parameterGradients, rename)
  const parameters = [...module.parameters()].filter(([path]) => path in wanted)
  if (inputs.length + parameters.length === 0) return null
  const targets = [
    ...inputs.map((name) => call.input(name)),
    ...parameters.map(([, parameter]) => parameter.value),
  ]
  const computed = valueAndGrad(() => cotangentLoss(call, forward()), targets).gradients
  const byInput = Object.fromEntries(inputs.map((name, index) => [name, computed[index]!]))
  const byPath = Object.fromEntries(
    parameters.map(([path], index) => [path, computed[inputs.length + index]!]),
  )
  return (
    (await compareAll('gradient of input', byInput, gradients)) ??
    (await compareAll('gradient of parameter', byPath, wanted))
  )
}
