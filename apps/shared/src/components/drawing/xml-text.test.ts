import { expect, test } from 'vitest'
import { xmlText } from './xml-text.ts'

test('control characters become pictures, and what is no character is replaced', () => {
  expect(xmlText('a\u0000\u000F\r\u001Fb')).toBe('a␀␏␍␟b')
  expect(xmlText('\uD800 \uDC00 \uFFFE')).toBe('\uFFFD \uFFFD \uFFFD')
})

test('all other text stays as it is', () => {
  const text = 'tab\t, line\n, <b>&amp;</b>, 机器学习, 🙂, \u007F, \u0085'
  expect(xmlText(text)).toBe(text)
})
