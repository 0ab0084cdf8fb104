import { afterEach, describe, expect, test, vi } from 'vitest'
import { Heap } from '../memory/heap.ts'
import { allBuilds } from './all-builds.ts'
import type { CompiledBuild, SimdBuild } from './builds.ts'
import { instantiate, loadAndInstantiate, type WasmInstance } from './instantiate.ts'
import { loadBuild } from './load-build.ts'
import { webAssembly } from './web-assembly.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** What a platform without some instructions says of modules that have them. */
function withoutRelaxedSimd(): void {
  const { validate } = webAssembly
  const relaxedSwizzle = [0xfd, 0x80, 2]
  vi.spyOn(webAssembly, 'validate').mockImplementation(
    (bytes) => !relaxedSwizzle.every((byte, index) => bytes.at(index - 4) === byte) && validate(bytes),
  )
}

async function load(
  wanted: SimdBuild | undefined,
): Promise<{ instance: WasmInstance; loaded: CompiledBuild[] }> {
  const loaded: CompiledBuild[] = []
  const instance = await loadAndInstantiate(new Heap(2 ** 20), wanted, (build) => {
    loaded.push(build)
    return loadBuild(build)
  })
  return { instance, loaded }
}

describe('builds that are loaded when they are needed', () => {
  test('the fastest is loaded, and no other', async () => {
    const { instance, loaded } = await load(undefined)
    expect(instance).toMatchObject({ build: 'relaxed', reasons: [] })
    expect(loaded).toEqual(['relaxed'])
  })

  test('one whose instructions the platform lacks is not loaded', async () => {
    withoutRelaxedSimd()
    const { instance, loaded } = await load(undefined)
    expect(instance).toMatchObject({ build: 'plain', reasons: ['the platform has no relaxed SIMD'] })
    expect(loaded).toEqual(['plain'])
  })

  test('the TypeScript kernels need none', async () => {
    const { instance, loaded } = await load('none')
    expect(instance).toEqual({ build: 'none', reasons: [] })
    expect(loaded).toEqual([])
  })

  test('the next one is loaded when the first is refused', async () => {
    const { Instance } = webAssembly
    let refused = 0
    vi.spyOn(webAssembly, 'Instance').mockImplementation(function refuseOnce(...parameters) {
      refused += 1
      if (refused === 1) throw new Error('out of executable memory')
      return new Instance(...parameters)
    })
    const { instance, loaded } = await load(undefined)
    const reasons = ['the relaxed build was refused: out of executable memory']
    expect(instance).toMatchObject({ build: 'plain', reasons })
    expect(loaded).toEqual(['relaxed', 'plain'])
  })

  test.each(['relaxed', 'plain'] as const)('they are the same as those that are there: %s', async (build) => {
    expect(await loadBuild(build)).toBe(allBuilds[build])
    expect((await load(build)).instance.build).toBe(instantiate(new Heap(2 ** 20), build, allBuilds).build)
  })
})
