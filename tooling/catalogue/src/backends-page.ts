import { createCpuBackend } from '@qkv/backend-cpu'
import * as gpujs from '@qkv/backend-gpujs'
import * as webgpu from '@qkv/backend-webgpu'
import type { Op, TensorSpec } from '@qkv/tensor'
import { allOps, resultWeight } from '@qkv/tensor/conformance'
import { gradientCalls, type OpRequest } from './gradient-calls.ts'
import { hasPlainMask, maskRequests } from './mask-requests.ts'
import { page, table } from './table.ts'

/** What is asked of a backend, without opening it. */
interface Column {
  readonly name: string
  readonly relativeTolerance: number
  hasKernel(op: Op, inputs: readonly TensorSpec[], attrs: unknown): boolean
}

/** Every operation on every backend: in a kernel of its own, or made of others, and how near to double precision. */
export async function backendsPage(): Promise<string> {
  const backend = createCpuBackend()
  const columns: readonly Column[] = [
    {
      name: 'cpu',
      relativeTolerance: backend.capabilities.relativeTolerance,
      hasKernel: (op, inputs, attrs) => backend.supports(op, inputs, attrs),
    },
    { name: 'gpujs', ...gpujs },
    { name: 'webgpu', ...webgpu },
  ]
  const calls = await gradientCalls()
  const requests = (op: Op): readonly OpRequest[] => calls.get(op.name) ?? samplesOf(op)
  const rows = allOps
    .filter(({ kind }) => kind !== 'view')
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
    .map((op) => [
      `\`${op.name}\``,
      ...columns.map((column) => stateOf(op, requests(op), column)),
      op.relativeTolerance === undefined ? '' : String(op.relativeTolerance),
    ])
  await backend.dispose()
  const tolerances = columns.map(({ name, relativeTolerance }) => `${name} ${relativeTolerance}`).join(', ')
  return page(
    'Operations by backend',
    `What runs in a kernel of its own, and what is decomposed into others. Views move no data on any backend. The conformance suite allows results to be away from double precision by shares of \`1 + ${resultWeight} |x|\` for a result \`x\`: ${tolerances}; the last column has the share of an operation that needs more.`,
    table(['operation', ...columns.map(({ name }) => name), 'tolerance'], rows),
  )
}

function samplesOf({ samples }: Op): readonly OpRequest[] {
  return samples.map(({ inputs, attrs }) => ({
    inputs: inputs.map(({ shape, dtype = 'float32' }) => ({ shape, dtype })),
    attrs,
  }))
}

/** Throws when nothing tells: a table with a hole would say nothing of it. */
function stateOf(op: Op, requests: readonly OpRequest[], column: Column): string {
  // Where masks are asked for kind by kind, those of the samples would say the same twice.
  const byMask = maskRequests(requests)
  const others = requests.filter((request) => !hasPlainMask(request))
  const state = stateOfAll(op, [...others, ...(byMask.get('no mask') ?? [])], column)
  if (state === undefined) throw new Error(`no sample, and no gradient of one, asks for ${op.name}`)
  if (state !== 'native') return state
  const decomposed = [...byMask].flatMap(([words, masked]) => {
    const answer = stateOfAll(op, masked, column)
    if (answer === 'native') return []
    return [answer === 'decomposed' ? words : `some ${words}`]
  })
  return decomposed.length === 0 ? state : `${state}, but ${decomposed.join(' and ')} decomposed`
}

function stateOfAll(op: Op, requests: readonly OpRequest[], { hasKernel }: Column): string | undefined {
  const answers = requests
    .filter(({ inputs }) => inputs.every(({ shape }) => !shape.includes(0)))
    .map(({ inputs, attrs }) => hasKernel(op, inputs, attrs))
  if (answers.length === 0) return undefined
  if (answers.every(Boolean)) return 'native'
  return answers.some(Boolean) ? 'native or decomposed' : 'decomposed'
}
