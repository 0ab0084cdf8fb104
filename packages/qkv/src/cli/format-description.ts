import type { CpuDescription } from '@qkv/backend-cpu'
import { formatCount, plural } from './format.ts'

const builds = {
  relaxed: 'WebAssembly kernels with fused multiplications and additions',
  plain: 'WebAssembly kernels without fused multiplications and additions',
  none: 'TypeScript kernels',
} as const

/** Lines that tell how a backend runs. */
export function formatDescription(
  name: string,
  description: Readonly<Record<string, unknown>> | undefined,
): readonly string[] {
  if (!description) return []
  return name === 'cpu' ? formatCpu(description as unknown as CpuDescription) : formatFacts(description)
}

function formatCpu({ simd, threads, reasons, missingKernels }: CpuDescription): readonly string[] {
  const lines = [`${builds[simd]}, ${plural(threads, 'thread')}`, ...reasons]
  // Without WebAssembly that is all of them.
  if (simd !== 'none' && missingKernels.length > 0) lines.push(`in TypeScript: ${missingKernels.join(', ')}`)
  return lines
}

/** `largestLength: 16,777,216`; what is empty is left out, and so are counters, which have counted nothing yet. */
function formatFacts(facts: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(facts).flatMap(([key, fact]) => {
    const text = formatFact(fact)
    return key === 'counters' || text === '' ? [] : [`${key}: ${text}`]
  })
}

function formatFact(fact: unknown): string {
  if (typeof fact === 'number') return formatCount(fact)
  if (Array.isArray(fact)) return fact.map((each) => formatFact(each)).join('; ')
  if (fact !== null && typeof fact === 'object')
    return formatFacts(fact as Record<string, unknown>).join(', ')
  return fact === null || fact === undefined ? '' : String(fact)
}
