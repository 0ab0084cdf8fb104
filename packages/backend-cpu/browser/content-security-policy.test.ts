import { expect, test } from 'vitest'
import { reportUnder } from './open-page.ts'

test('a policy without WebAssembly leaves the TypeScript kernels, and the description says how to allow it', async () => {
  const refused =
    "the page's content-security policy refused WebAssembly: allow it with `script-src 'wasm-unsafe-eval'`"
  const { description, product, plainBuild } = await reportUnder("script-src 'self'")
  expect(description).toMatchObject({
    simd: 'none',
    threads: 1,
    reasons: [refused, 'further threads need the WebAssembly kernels'],
  })
  expect(product).toEqual([128])
  expect(plainBuild).toContain(`cpu: 'simd' is 'plain', but ${refused}`)
})

test('a policy that allows WebAssembly leaves all kernels', async () => {
  const { description, product, plainBuild } = await reportUnder("script-src 'self' 'wasm-unsafe-eval'")
  expect(description.simd).toBe('relaxed')
  expect(product).toEqual([128])
  expect(plainBuild).toBe('')
})
