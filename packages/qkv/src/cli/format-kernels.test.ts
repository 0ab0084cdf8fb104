import { cpu } from '@qkv/backend-cpu'
import { expect, test } from 'vitest'
import { describeSystem } from '../run/describe-system.ts'
import { formatKernels } from './format-kernels.ts'

const noThreads = 'further threads need the WebAssembly kernels'

test.each([
  ['none', ['TypeScript kernels, 1 thread', noThreads]],
  ['plain', ['WebAssembly kernels without fused multiplications and additions, 2 threads']],
] as const)('tells how the CPU backend runs with the build %s', async (simd, lines) => {
  const { backends } = await describeSystem([cpu({ simd, threads: 2 })])
  const { kernels } = backends.at(-1)!
  expect(kernels).toMatchObject({ simd, reasons: lines.slice(1) })
  expect(kernels!.missingKernels.includes('qkv/softmax')).toBe(simd === 'none')
  expect(formatKernels({ ...kernels!, missingKernels: simd === 'none' ? ['qkv/pow'] : [] })).toEqual(lines)
})

test('names the operations that are not compiled, and why nothing runs faster', () => {
  const reasons = ['the platform has no relaxed SIMD', 'only 1 of 2 threads started']
  const report = { simd: 'plain', threads: 1, reasons, missingKernels: ['qkv/pow', 'qkv/sin'] } as const
  expect(formatKernels(report).slice(1)).toEqual([...reasons, 'in TypeScript: qkv/pow, qkv/sin'])
  expect(formatKernels(undefined)).toEqual([])
})
