import { createCpuBackend } from '@qkv/backend-cpu'
import type { Backend, Op } from '@qkv/tensor'
import { allOps } from '@qkv/tensor/conformance'
import { page, table } from './table.ts'

/** Every operation: kind, gradient, and whether the CPU backend has a kernel of its own for the composite. */
export async function operationsPage(): Promise<string> {
  const backend = createCpuBackend()
  const rows = allOps
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
    .map((op) => [`\`${op.name}\``, op.kind, gradientOf(op), fused(op, backend), op.source ?? ''])
  await backend.dispose()
  const counts = ['primitive', 'composite', 'view'].map(
    (kind) => `${allOps.filter((op) => op.kind === kind).length} ${kind}s`,
  )
  return page(
    'Operations',
    `${allOps.length} operations: ${counts.join(', ')}. Primitives run on every backend; a composite is decomposed where a backend does not fuse it.`,
    table(['operation', 'kind', 'gradient', 'fused by backend-cpu', 'source'], rows),
  )
}

function gradientOf(op: Op): string {
  if (op.stopsGradient) return 'none passes'
  if (op.vjp) return 'own rule'
  return op.kind === 'composite' ? 'of its decomposition' : 'none'
}

/** Asked with the specs of the op's first sample. */
function fused(op: Op, backend: Backend): string {
  const [sample] = op.samples
  if (op.kind !== 'composite' || !sample) return ''
  const specs = sample.inputs.map(({ shape, dtype = 'float32' }) => ({ shape, dtype }))
  return backend.supports(op, specs, sample.attrs) ? 'yes' : 'no'
}
