import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { referenceDevice, tinyFiles } from '../tiny-model.test-helper.ts'
import { loadTranslator } from '../translation/translator.ts'
import { compareAblation } from './compare-ablation.ts'
import { inspectTranslation } from './inspect-translation.ts'

const device = referenceDevice()
const translator = await loadTranslator((await tinyFiles()).files, { device })
const source = '我爱你'
const { tokens } = (await translator.translate([source]))[0]!.candidates[0]!

const places = fc.uniqueArray(
  fc.record({
    site: fc.constantFrom('encoder' as const, 'decoder' as const, 'cross' as const),
    layer: fc.integer({ min: 0, max: 1 }),
    head: fc.integer({ min: 0, max: 2 }),
  }),
  { selector: ({ site, layer, head }) => `${site} ${layer} ${head}`, maxLength: 4 },
)

test('what heads are worth, token by token and in all', async () => {
  await fc.assert(
    fc.asyncProperty(places, async (ablate) => {
      const comparison = await compareAblation(translator, source, tokens, ablate)
      const whole = await inspectTranslation(translator, source, tokens)
      const ablated = await inspectTranslation(translator, source, tokens, { ablate })
      expect([comparison.whole, comparison.ablated]).toEqual([whole.logProbability, ablated.logProbability])
      expect(comparison.tokens.map(({ id }) => id)).toEqual([...tokens, 2])
      let sum = 0
      for (const [position, token] of comparison.tokens.entries()) {
        const { next } = whole.predictions[position]!
        expect([token.text, token.whole]).toEqual([next.text, next.logProbability])
        expect(token.ablated).toBe(ablated.predictions[position]!.next.logProbability)
        expect(token.change).toBe(token.ablated - token.whole)
        sum += token.change
      }
      expect(comparison.change).toBeCloseTo(sum, 8)
    }),
    { numRuns: 8 },
  )
})

test('refuses a head that the model does not have', async () => {
  await expect(
    compareAblation(translator, source, tokens, [{ site: 'cross', layer: 9, head: 0 }]),
  ).rejects.toThrow("'ablate[0].layer' is 9")
})

test('no heads off, no change', async () => {
  const { change, tokens: each } = await compareAblation(translator, source, tokens, [])
  expect([change, ...each.map((token) => token.change)]).toEqual([change, ...each].map(() => 0))
})
