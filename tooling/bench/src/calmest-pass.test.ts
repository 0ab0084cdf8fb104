import type { BenchResult, TimingResult } from 'qkv/bench'
import { expect, test } from 'vitest'
import { calmestPass } from './calmest-pass.ts'

function timing(name: string, threads: number, milliseconds: number): BenchResult {
  const timed: Partial<TimingResult> = { suite: 'gemm', name, shape: '2x2x2', threads, milliseconds }
  return timed as TimingResult
}

test('each workload comes from the pass that was faster for all its variants together', () => {
  const first = [timing('a', 1, 10), timing('a', 2, 6), timing('b', 1, 3)]
  const second = [timing('a', 1, 9), timing('a', 2, 8), timing('b', 1, 2)]
  expect(calmestPass([first, second])).toEqual([first[0], first[1], second[2]])
  expect(calmestPass([second, first])).toEqual([first[0], first[1], second[2]])
})

test('what is no timing stays as the first pass found it', () => {
  const memory = [{ suite: 'memory', name: 'gpt', shape: '', threads: 1 }] as unknown as BenchResult[]
  expect(calmestPass([memory, memory.map((each) => ({ ...each }))])[0]).toBe(memory[0])
})
