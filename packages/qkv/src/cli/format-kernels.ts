import type { KernelReport } from '../run/describe-system.ts'
import { plural } from './format.ts'

const builds = {
  relaxed: 'WebAssembly kernels with fused multiplications and additions',
  plain: 'WebAssembly kernels without fused multiplications and additions',
  none: 'TypeScript kernels',
} as const

/** Lines that tell how the CPU backend runs, why not faster, and what is not compiled; none for other backends. */
export function formatKernels(report: KernelReport | undefined): readonly string[] {
  if (!report) return []
  const { simd, threads, reasons, missingKernels } = report
  const lines = [`${builds[simd]}, ${plural(threads, 'thread')}`, ...reasons]
  // Without WebAssembly that is all of them.
  if (simd !== 'none' && missingKernels.length > 0) lines.push(`in TypeScript: ${missingKernels.join(', ')}`)
  return lines
}
