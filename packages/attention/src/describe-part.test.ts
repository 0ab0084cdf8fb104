import { expect, test } from 'vitest'
import { alibi, builtInParts, describePart, linear } from './index.ts'

test('an entry is what the part declares, and what it costs', () => {
  expect(describePart(alibi())).toMatchObject({
    name: 'alibi',
    stages: ['bias'],
    year: 2021,
    causal: true,
    cross: true,
    weightsReadable: true,
    cache: 'keys',
    fusable: true,
  })
  const { weightsReadable, cache, fusable, memoryExponent } = describePart(linear())
  expect([weightsReadable, cache, fusable]).toEqual([false, 'state', false])
  expect(memoryExponent).toBeCloseTo(1, 1)
})

test.each([...builtInParts.keys()])('%s has a stage, a year, a formula and a use', (name) => {
  const { year, formula, use, source, stages } = describePart(builtInParts.get(name)!())
  expect(stages.length).toBeGreaterThan(0)
  expect(source.length).toBeGreaterThan(10)
  expect(source).toContain(String(year))
  expect(formula!.length).toBeGreaterThan(3)
  expect(use).toMatch(/^[A-Z].*\.$/)
})
