import type { Backend } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { alibi, bigbird, linear, runsFused, slidingWindow, sparsemax } from './index.ts'

const everything: Backend['supports'] = () => true
const noBlocks: Backend['supports'] = (_op, _inputs, attrs) => !JSON.stringify(attrs).includes('"blocks"')

test('a part runs fused where the backend has a kernel for what its own mask and bias are', () => {
  for (const part of [alibi(), slidingWindow()]) {
    expect([everything, noBlocks].map((hasKernel) => runsFused(part, hasKernel))).toEqual([true, true])
  }
  expect([everything, noBlocks].map((hasKernel) => runsFused(bigbird(), hasKernel))).toEqual([true, false])
  expect(runsFused(alibi(), () => false)).toBe(false)
})

test('what is no single operation runs fused nowhere', () => {
  expect([sparsemax(), linear()].map((part) => runsFused(part, everything))).toEqual([false, false])
})
