import type { BenchResult, MemoryResult, TimingResult } from 'qkv/bench'
import { expect, test } from 'vitest'
import { goalsOf, type Measurements } from './goals.ts'

function timing(change: Partial<TimingResult>): TimingResult {
  return {
    suite: 'gemm',
    name: 'matmul NN',
    shape: '512x512x512',
    backend: 'cpu',
    simd: 'relaxed',
    threads: 1,
    milliseconds: 10,
    lowerQuartile: 9,
    upperQuartile: 11,
    fastest: 8,
    runs: 5,
    gflops: 50,
    peakGflops: 55,
    fractionOfPeak: 0.95,
    nanosecondsPerElement: null,
    tokensPerSecond: null,
    gigabytesPerSecond: null,
    timesAsFast: null,
    ...change,
  }
}

const snapshot = { steps: 10, liveBuffers: 5, liveBytes: 100, heapBytes: 1000 }

function memory(late: Partial<MemoryResult['late']>): MemoryResult {
  const where = {
    suite: 'memory',
    name: 'memory',
    shape: '',
    backend: 'cpu',
    simd: 'relaxed',
    threads: 1,
  } as const
  return { ...where, early: snapshot, late: { ...snapshot, steps: 1000, ...late } }
}

function reachedOf(
  results: readonly BenchResult[],
  change: Partial<Measurements> = {},
): Record<string, boolean> {
  const kernelSum = { stepMilliseconds: 6, kernelMilliseconds: 5, ratio: 1.2, shareOutside: 0.1, kernels: [] }
  const narrowStep = { overhead: 0.09 } as Measurements['narrowStep']
  const goals = goalsOf({ results, againstTypescript: [], kernelSum, narrowStep, ...change })
  return Object.fromEntries(goals.map(({ what, reached }) => [what, reached]))
}

test('the lowest fraction of one thread counts', () => {
  const name = 'GEMM 128³ to 1024³, fraction of the peak, relaxed build'
  const low = timing({ name: 'matmul TN', fractionOfPeak: 0.89 })
  expect(reachedOf([timing({})])[name]).toBe(true)
  expect(reachedOf([timing({}), low])[name]).toBe(false)
  expect(reachedOf([timing({}), { ...low, threads: 2 }, { ...low, simd: 'plain' }])[name]).toBe(true)
})

test('ratios are of medians, of the build that was measured first', () => {
  const name = 'two threads over one, GEMM 512³'
  const two = timing({ threads: 2, milliseconds: 5.4 })
  expect(reachedOf([timing({}), two])[name]).toBe(true)
  expect(reachedOf([timing({}), { ...two, milliseconds: 5.5 }])[name]).toBe(false)
  expect(reachedOf([timing({})])).not.toHaveProperty(name)
  const decode = (weights: string, milliseconds: number): TimingResult =>
    timing({ suite: 'gpt-decode', name: `gpt-decode ${weights}`, shape: 'width 8', milliseconds })
  const int8 = 'decoding, int8 weights over float32, width 8'
  expect(reachedOf([decode('float32', 1.6), decode('int8', 1)])[int8]).toBe(true)
  expect(reachedOf([decode('float32', 1.5), decode('int8', 1)])[int8]).toBe(false)
})

test('a step against its kernels, and what is outside of them', () => {
  expect(reachedOf([])).toEqual({
    'GPT training step over the sum of its kernels timed alone': true,
    'share of a step outside of kernels, width 128': true,
  })
  const kernelSum = {
    stepMilliseconds: 13,
    kernelMilliseconds: 10,
    ratio: 1.3,
    shareOutside: 0.1,
    kernels: [],
  }
  const narrowStep = { overhead: 0.11 } as Measurements['narrowStep']
  expect(Object.values(reachedOf([], { kernelSum, narrowStep }))).toEqual([false, false])
})

test('TypeScript kernels of the same run', () => {
  const softmax = (simd: 'relaxed' | 'none', milliseconds: number): TimingResult =>
    timing({ name: 'softmax', simd, milliseconds, nanosecondsPerElement: milliseconds })
  const name = 'softmax over the TypeScript kernel'
  const reached = (before: number): boolean | undefined =>
    reachedOf([], { againstTypescript: [softmax('relaxed', 1), softmax('none', before)] })[name]
  expect([reached(8), reached(7.9)]).toEqual([true, false])
})

test('memory is equal, the heap included', () => {
  const name = 'memory after 1000 steps against after 10, relaxed build, threads: 1'
  expect(reachedOf([memory({})])[name]).toBe(true)
  expect(reachedOf([memory({ liveBuffers: 6 })])[name]).toBe(false)
  expect(reachedOf([memory({ heapBytes: 2000 })])[name]).toBe(false)
})
