import { Device, type Tensor, sum } from '@qkv/tensor'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type CpuBackend, createCpuBackend } from '../src/index.ts'
import { webAssembly } from '../src/wasm/web-assembly.ts'
import { sentenceOf } from './sentence-of.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('memory that the browser does not give', () => {
  test('to a device more than the address space has room for: the sentence says what to lower', () => {
    const opened: CpuBackend[] = []
    // A page has room for some hundred memories that may each grow to 4 GiB.
    const sentence = sentenceOf(() => {
      while (opened.length < 10_000) opened.push(createCpuBackend({ threads: 1 }))
    })
    expect(opened.length).toBeGreaterThan(10)
    expect(sentence).toContain("cpu: 'memoryLimit' is 4 GiB, which this platform refuses to reserve")
    expect(sentence).toContain('Set a lower `memoryLimit`')
  })

  test('to a tensor, although the limit is higher: the sentence names the platform, and nothing is lost', () => {
    const { Memory } = webAssembly
    // The browser itself refuses to grow this memory past 4 MiB.
    vi.spyOn(webAssembly, 'Memory').mockImplementation(function small({ initial, shared }) {
      return new Memory({ initial, maximum: 64, shared })
    })
    const backend = createCpuBackend({ threads: 1 })
    const device = new Device(backend)
    const kept: Tensor[] = []
    const sentence = sentenceOf(() => {
      for (;;) kept.push(device.tensor(new Float32Array(2 ** 16).fill(1)))
    })
    expect(sentence).toMatch(
      /cpu: 'memory' has no room for .* KiB beside tensors of .*, expected no more than this platform has/,
    )
    expect(sentence).toContain('Lower the batch size')
    expect(backend.memory().liveBuffers).toBe(kept.length)
    for (const tensor of kept) expect(sum(tensor).readSync()[0]).toBe(2 ** 16)
  })
})
