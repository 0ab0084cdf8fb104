import { expect, test } from 'vitest'
import { reportUnder } from '../open-page.ts'

test.each([
  ["worker-src 'none'"],
  ["script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'"],
  ["script-src 'self' 'wasm-unsafe-eval'"],
])('%s leaves one thread, and the description says how to allow more', async (policy) => {
  const { description, product } = await reportUnder(policy)
  expect(description).toMatchObject({ simd: 'relaxed', threads: 1 })
  expect(description.reasons).toEqual([
    expect.stringContaining(
      "the page's content-security policy refused it: allow it with `worker-src blob:`",
    ),
  ])
  expect(product).toEqual([128])
})

test("script-src 'self' 'wasm-unsafe-eval'; worker-src blob: leaves all threads", async () => {
  const { description, product } = await reportUnder("script-src 'self' 'wasm-unsafe-eval'; worker-src blob:")
  expect(description).toMatchObject({ simd: 'relaxed', threads: 2, reasons: [] })
  expect(product).toEqual([128])
})
