import { expect, test } from 'vitest'
import type { GpuJsKernel } from './gpu-js.ts'
import { type CachedKernel, KernelCache } from './kernel-cache.ts'

/** A cache of kernels that are called like their keys, and the keys of those that were destroyed. */
function createCache(capacity: number): {
  readonly cache: KernelCache
  readonly destroyed: string[]
  readonly use: (key: string) => CachedKernel
} {
  const cache = new KernelCache(capacity)
  const destroyed: string[] = []
  const use = (key: string): CachedKernel =>
    cache.find(key, () => ({ destroy: () => destroyed.push(key) }) as unknown as GpuJsKernel)
  return { cache, destroyed, use }
}

test('what was not used for longest is destroyed, once, where there is no more room', () => {
  const { cache, destroyed, use } = createCache(2)
  for (const key of ['a', 'b', 'a', 'c', 'a', 'd']) {
    use(key)
    expect(cache.size).toBeLessThanOrEqual(2)
  }
  expect(destroyed).toEqual(['b', 'c'])
  expect(cache.compiled).toBe(4)
})

test('a kernel with results makes room, and is destroyed with the last of them', () => {
  const { cache, destroyed, use } = createCache(1)
  const first = use('a')
  cache.hold(first)
  cache.hold(first)
  use('b')
  expect(cache.size).toBe(1)
  cache.release(first)
  expect(destroyed).toEqual([])
  // Compiled anew, it is another one.
  const second = use('a')
  expect(second).not.toBe(first)
  expect(destroyed).toEqual(['b'])
  cache.release(first)
  expect(destroyed).toEqual(['b', 'a'])
})

test('a kernel in the cache stays when its last result goes', () => {
  const { cache, destroyed, use } = createCache(1)
  cache.hold(use('a'))
  cache.release(use('a'))
  expect(destroyed).toEqual([])
  expect(cache.compiled).toBe(1)
})
