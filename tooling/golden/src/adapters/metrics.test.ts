import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type MetricsCase, runMetricsCase } from './metrics.ts'

interface StoredCase extends MetricsCase {
  readonly name: string
  readonly attrs: {
    readonly hypotheses: string[]
    readonly references: string[][]
    readonly expected: Record<string, unknown>
  }
}

const group = JSON.parse(readFileSync(new URL('../../cases/metrics.json', import.meta.url), 'utf8')) as {
  readonly count: number
  readonly cases: readonly [StoredCase, ...StoredCase[]]
}

describe('golden metrics', () => {
  test('the group is whole', () => {
    expect(group.cases).toHaveLength(group.count)
  })

  test.each(group.cases)('$name', (testCase) => {
    expect(runMetricsCase(testCase)).toBeNull()
  })

  const [{ op, attrs }] = group.cases
  const expecting = (expected: Record<string, unknown>): MetricsCase => ({
    op,
    attrs: { ...attrs, expected },
  })
  const bleu = attrs.expected['bleu'] as Record<string, unknown>

  test.each(Object.keys(attrs.expected))('a wrong %s is found', (field) => {
    const stored = attrs.expected[field]
    const wrong: unknown = JSON.parse(
      JSON.stringify(stored)
        .replaceAll(/\d+(\.\d+)?/g, (number) => String(Number(number) + 1e-6))
        .replaceAll('"the"', '"teh"'),
    )
    expect(runMetricsCase(expecting({ [field]: wrong }))).toMatch(
      new RegExp(`^${field}[.\\d\\w]* is .+, wanted .+$`),
    )
  })

  test.each(Object.keys(bleu))('a missing bleu.%s is found', (key) => {
    const { [key]: _, ...others } = bleu
    expect(runMetricsCase(expecting({ bleu: others }))).toContain(`bleu.${key} is `)
  })

  test('what cannot be mapped is a failure', () => {
    expect(runMetricsCase(expecting({ meteor: 1 }))).toBe("no adapter for the figure 'meteor'")
    expect(runMetricsCase({ op: 'speech_metrics', attrs: {} })).toBe(
      "no adapter for the operation 'speech_metrics'",
    )
  })
})
