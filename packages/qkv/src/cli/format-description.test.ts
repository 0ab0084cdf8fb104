import { cpu } from '@qkv/backend-cpu'
import { expect, test } from 'vitest'
import { describeSystem } from '../run/describe-system.ts'
import { formatDescription } from './format-description.ts'

const noThreads = 'further threads need the WebAssembly kernels'

test.each([
  ['none', ['TypeScript kernels, 1 thread', noThreads]],
  ['plain', ['WebAssembly kernels without fused multiplications and additions, 2 threads']],
] as const)('tells how the CPU backend runs with the build %s', async (simd, lines) => {
  const { report } = await describeSystem({ plugins: [cpu({ simd, threads: 2 })] })
  const { name, description } = report.backends.at(-1)!
  expect(description).toMatchObject({ simd, reasons: lines.slice(1) })
  const missingKernels = description!['missingKernels'] as readonly string[]
  expect(missingKernels.includes('qkv/softmax')).toBe(simd === 'none')
  const shown = { ...description, missingKernels: simd === 'none' ? ['qkv/pow'] : [] }
  expect(formatDescription(name, shown)).toEqual(lines)
})

test('names the operations that are not compiled, and why nothing runs faster', () => {
  const reasons = ['the platform has no relaxed SIMD', 'only 1 of 2 threads started']
  const report = { simd: 'plain', threads: 1, reasons, missingKernels: ['qkv/pow', 'qkv/sin'] }
  expect(formatDescription('cpu', report).slice(1)).toEqual([...reasons, 'in TypeScript: qkv/pow, qkv/sin'])
  expect(formatDescription('cpu', undefined)).toEqual([])
})

test('tells the facts of any other backend, one to a line', () => {
  const description = {
    mode: 'webasm',
    reasons: ['webgl2: there is none', 'headlessgl: not installed'],
    limits: { largestLength: 16777216 },
    adapter: null,
    counters: { dispatches: 0 },
  }
  expect(formatDescription('gpujs', description)).toEqual([
    'mode: webasm',
    'reasons: webgl2: there is none; headlessgl: not installed',
    'limits: largestLength: 16,777,216',
  ])
})
