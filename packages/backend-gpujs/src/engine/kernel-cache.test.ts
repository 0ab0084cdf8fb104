import { expect, test } from 'vitest'
import type { GpuJsKernel } from './gpu-js.ts'
import { KernelCache } from './kernel-cache.ts'

/** A cache of kernels that are called like their keys, and the keys of those that were destroyed. */
function createCache(capacity: number): {
  readonly cache: KernelCache
  readonly destroyed: string[]
  readonly use: (key: string) => void
} {
  const cache = new KernelCache(capacity)
  const destroyed: string[] = []
  const use = (key: string): void => {
    cache.find(key, () => ({ destroy: () => destroyed.push(key) }) as unknown as GpuJsKernel)
  }
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

test('all that is left is destroyed in the end', () => {
  const { cache, destroyed, use } = createCache(3)
  for (const key of ['a', 'b', 'c', 'd']) use(key)
  cache.clear()
  expect(destroyed.toSorted()).toEqual(['a', 'b', 'c', 'd'])
  expect(cache.size).toBe(0)
})
