import { expect, test } from 'vitest'
import { duration, jsonLine, progressLine, type StepEvent } from '../index.ts'

const event: StepEvent = {
  type: 'step',
  sequence: 7,
  step: 120,
  steps: 1000,
  epoch: 2,
  loss: 3.21449,
  learningRate: 0.001,
  gradientNorm: 1.5,
  tokens: 640,
  tokensPerSecond: 12345.4,
  secondsLeft: 200.2,
}

test('progressLine', () => {
  expect(progressLine(event)).toBe('step 120/1000, epoch 2, loss 3.2145, 12,345 tokens/s, 3 min 20 s left')
})

test.each([
  [0.4, '0 s'],
  [59.6, '1 min 0 s'],
  [3599.4, '59 min 59 s'],
  [7260, '2 h 1 min'],
])('duration of %d seconds', (seconds, text) => {
  expect(duration(seconds)).toBe(text)
})

test('jsonLine is one line of JSON, and loses no number', () => {
  const line = jsonLine({
    type: 'evaluation',
    sequence: 1,
    step: 2,
    evaluator: 'a\nb',
    metrics: { loss: 0.1, perplexity: Infinity, ratio: Number.NaN },
    seconds: 3,
  })
  expect(line).not.toContain('\n')
  expect(JSON.parse(line)).toMatchObject({ metrics: { loss: 0.1, perplexity: 'Infinity', ratio: 'NaN' } })
  expect(JSON.parse(jsonLine(event))).toEqual(event)
})
