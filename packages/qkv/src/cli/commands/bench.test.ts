import { describe, expect, test } from 'vitest'
import type { MemoryResult, TimingResult } from '../../run/bench/results.ts'
import { runCli } from '../cli.test-helper.ts'

const patience = 60_000

/** As little as can be measured. */
async function bench<Result>(...rawArguments: readonly string[]): Promise<readonly Result[]> {
  const { exitCode, stdout, stderr } = await runCli(['bench', ...rawArguments, '--seconds', '0', '--json'], {
    cwd: '.',
  })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return (JSON.parse(stdout) as { readonly results: readonly Result[] }).results
}

describe('figures that programs can read', { timeout: patience }, () => {
  test('products of matrices, as a fraction of the peak', async () => {
    const results = await bench<TimingResult>('gemm', '--backend', 'cpu', '--threads', '1', '--simd', 'plain')
    expect(results.map(({ name, shape }) => `${name} ${shape}`)).toEqual([
      ...[128, 256, 512, 1024].flatMap((size) =>
        ['NN', 'NT', 'TN'].map((form) => `matmul ${form} ${size}x${size}x${size}`),
      ),
      'linear 32x256x256',
      'linear 8x1024x256',
    ])
    for (const result of results) {
      const { shape, milliseconds, lowerQuartile, upperQuartile, gflops, peakGflops, fractionOfPeak } = result
      expect(result).toMatchObject({ suite: 'gemm', backend: 'cpu', simd: 'plain', threads: 1 })
      expect(result).toMatchObject({ tokensPerSecond: null, nanosecondsPerElement: null })
      const [rows, inner, columns] = shape.split('x').map(Number) as [number, number, number]
      expect(gflops! * milliseconds * 1e6).toBeCloseTo(2 * rows * inner * columns, 1)
      expect(fractionOfPeak).toBe(gflops! / peakGflops!)
      expect(lowerQuartile).toBeLessThanOrEqual(milliseconds)
      expect(upperQuartile).toBeGreaterThanOrEqual(milliseconds)
      expect(result.fastest).toBeLessThanOrEqual(lowerQuartile)
      expect(result.runs).toBeGreaterThanOrEqual(5)
    }
  })

  test('other operations, per element', async () => {
    const results = await bench<TimingResult>('ops', '--threads', '2,1')
    const names = results.filter(({ threads }) => threads === 1).map(({ name }) => name)
    expect(names).toContain('layerNorm')
    expect(new Set(names).size).toBe(names.length)
    expect(results.map(({ name, threads }) => ({ name, threads }))).toEqual(
      names.flatMap((name) => [2, 1].map((threads) => ({ name, threads }))),
    )
    for (const { name, milliseconds, nanosecondsPerElement, gflops } of results) {
      expect(nanosecondsPerElement).toBeCloseTo((milliseconds * 1e6) / 65_536, 6)
      expect(gflops === null).toBe(!name.startsWith('attention'))
    }
  })

  test('what cannot be compared with other machines is said first', async () => {
    const rawArguments = ['bench', 'dispatch', '--backend', 'gpujs', '--seconds', '0', '--json']
    const { stdout, stderr } = await runCli(rawArguments, { cwd: '.' })
    const { notes, results } = JSON.parse(stdout) as {
      readonly notes: readonly string[]
      readonly results: readonly TimingResult[]
    }
    expect(notes).toHaveLength(1)
    expect(notes[0]).toMatch(/^gpujs computes on the processor here \(\w+\): only ratios/)
    expect(stderr).toBe(`${notes[0]}\n`)
    expect(results.map(({ name }) => name)).toEqual(['dispatch', 'dispatch and read'])
  })

  test('which backend was taken, and why not the one before it, is said once, and not among the figures', async () => {
    const rawArguments = ['bench', 'dispatch', 'transfer', '--threads', '1,2', '--seconds', '0', '--json']
    const refused = ['--backend', 'webgpu,cpu']
    const { stdout, stderr } = await runCli([...rawArguments, ...refused], { cwd: '.' })
    expect(stderr).toMatch(/^backend: cpu\n {2}not webgpu: webgpu: 'gpu' is missing: .*\n$/)
    expect(JSON.parse(stdout)).toMatchObject({ notes: [] })
  })

  test('copies to the device and back, per byte', async () => {
    for (const { milliseconds, gigabytesPerSecond } of await bench<TimingResult>(
      'transfer',
      '--threads',
      '1',
    ))
      expect(gigabytesPerSecond! * milliseconds * 1e6).toBeCloseTo(4 * 2 ** 20, 0)
  })

  test('a product, where a backend has no other kernels to compare', async () => {
    const [result, ...others] = await bench<TimingResult>('products', '--threads', '1')
    expect(others).toEqual([])
    expect(result).toMatchObject({ name: 'matmul', shape: '512x512x512', timesAsFast: null })
  })

  test('memory, which training steps leave as it is', async () => {
    const [result] = await bench<MemoryResult>('memory', '--threads', '1')
    const { early, late } = result!
    expect([early.steps, late.steps]).toEqual([10, 1000])
    expect(late.liveBuffers).toBe(early.liveBuffers)
    expect(late.liveBytes).toBe(early.liveBytes)
    expect(late.heapBytes).toBe(early.heapBytes)
    expect(early.heapBytes).toBeGreaterThan(early.liveBytes)
  })
})

test('a table in Markdown, and lines for people', { timeout: patience }, async () => {
  const options = ['bench', 'memory', '--threads', '1', '--simd', 'plain']
  const { stdout } = await runCli([...options, '--markdown'], { cwd: '.' })
  expect(stdout).toContain(
    '| name | shape | kernels | threads | steps | live buffers | live bytes | heap bytes |\n',
  )
  expect(stdout).toMatch(/\n\| memory \| 2 layers, .* \| plain \| 1 \| 1,000 \| \d+ \| [\d,]+ \| [\d,]+ \|\n/)
  const lines = await runCli(options, { cwd: '.' })
  expect(lines.stdout).toMatch(/^memory +2 layers.* plain +1 +10 +\d+ +[\d,]+ +[\d,]+\nmemory .*\n$/)
})
