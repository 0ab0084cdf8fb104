import type { Op } from '@qkv/tensor'
import { allOps } from '@qkv/tensor/conformance'
import { page, table } from './table.ts'

/** Every operation: kind, gradient and source. */
export function operationsPage(): string {
  const rows = allOps
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
    .map((op) => [`\`${op.name}\``, op.kind, gradientOf(op), op.source ?? ''])
  const counts = ['primitive', 'composite', 'view'].map(
    (kind) => `${allOps.filter((op) => op.kind === kind).length} ${kind}s`,
  )
  return page(
    'Operations',
    `${allOps.length} operations: ${counts.join(', ')}. Primitives run on every backend; a composite is decomposed where a backend does not fuse it: [which do](backends.md).`,
    table(['operation', 'kind', 'gradient', 'source'], rows),
  )
}

function gradientOf(op: Op): string {
  if (op.stopsGradient) return 'none passes'
  if (op.vjp) return 'own rule'
  return op.kind === 'composite' ? 'of its decomposition' : 'none'
}
