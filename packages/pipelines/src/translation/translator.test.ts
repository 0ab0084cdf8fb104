import { cpu } from '@qkv/backend-cpu'
import { openDevice } from '@qkv/tensor'
import { beforeAll, describe, expect, test } from 'vitest'
import { RunError } from '../errors/run-error.ts'
import { inspectTranslation } from '../inspection/inspect-translation.ts'
import { referenceDevice, type TinyFiles, tinyFiles } from '../tiny-model.test-helper.ts'
import { nextTask } from './next-task.ts'
import { loadTranslator, type TranslationProgress, type Translator } from './translator.ts'

const device = referenceDevice()
let tiny: TinyFiles
let translator: Translator

beforeAll(async () => {
  tiny = await tinyFiles()
  translator = await loadTranslator(tiny.files, { device })
})

describe('translate', () => {
  test('gives the n-best of each text, with what the model itself says of them', async () => {
    const texts = ['机器学习', ' ', '我爱你']
    const results = await translator.translate(texts, { nBest: 3, lengthPenalty: 0.5 })
    expect(results.map(({ source }) => source)).toEqual(texts)
    expect(results[1]).toEqual({ source: ' ', text: '', candidates: [] })
    for (const { source, candidates, text } of [results[0]!, results[2]!]) {
      expect(candidates).toHaveLength(3)
      expect(text).toBe(candidates[0]!.text)
      expect(candidates.map(({ score }) => score)).toEqual(
        candidates.map(({ score }) => score).toSorted((a, b) => b - a),
      )
      for (const { tokens, score, logProbability } of candidates) {
        const { predictions } = await inspectTranslation(translator, source, tokens)
        const own = predictions
          .slice(0, tokens.length)
          .reduce((sum, { next }) => sum + next.logProbability, 0)
        const ended = tokens.length < 12
        const wanted = ended ? own + predictions.at(-1)!.next.logProbability : own
        expect(logProbability).toBeCloseTo(wanted, 6)
        expect(score).toBeCloseTo(wanted / (tokens.length + Number(ended)) ** 0.5, 6)
      }
    }
  })

  test('refuses a text that is too long', async () => {
    await expect(translator.translate(['我', '我'.repeat(24)])).rejects.toThrow(RunError)
    await expect(translator.translate(['我', '我'.repeat(24)])).rejects.toThrow(
      "translate: 'texts[1]' has 25 tokens (\"我我",
    )
    await expect(translator.translate(['我'.repeat(1_000_000)])).rejects.toThrow(
      "'texts[0]' has more than 769 tokens",
    )
  })

  test('more texts than are translated at once keep their places', async () => {
    const texts = Array.from({ length: 66 }, (_, index) => (index % 2 === 0 ? '我爱你' : '机器'))
    const results = await translator.translate(texts, { beams: 1, maximumTokens: 2 })
    const pair = await translator.translate(['我爱你', '机器'], { beams: 1, maximumTokens: 2 })
    expect(results.map(({ text }) => text)).toEqual(texts.map((_, index) => pair[index % 2]!.text))
  })
})

test('another backend translates alike, with and without heads', async () => {
  const fast = await openDevice({ backend: cpu() })
  const other = await loadTranslator(tiny.files, { device: fast })
  const loaded = fast.memory().liveBuffers
  for (const ablate of [[], [{ site: 'cross' as const, layer: 0, head: 1 }]]) {
    const [wanted] = await translator.translate(['我爱你'], { ablate, nBest: 2 })
    const [got] = await other.translate(['我爱你'], { ablate, nBest: 2 })
    expect(got!.candidates.map(({ tokens }) => tokens)).toEqual(
      wanted!.candidates.map(({ tokens }) => tokens),
    )
    expect(got!.candidates[0]!.score).toBeCloseTo(wanted!.candidates[0]!.score, 4)
    const { tokens } = wanted!.candidates[0]!
    const inspections = [translator, other].map((each) =>
      inspectTranslation(each, '我爱你', tokens, { ablate }),
    )
    const [exact, near] = await Promise.all(inspections)
    expect(near!.logProbability).toBeCloseTo(exact!.logProbability, 3)
  }
  expect(fast.memory().liveBuffers).toBe(loaded)
  await other.dispose()
  expect(fast.memory().liveBuffers).toBe(0)
  await fast.dispose()
})

describe('streaming', () => {
  test('tells the best so far after each step, and ends with the result', async () => {
    const steps: TranslationProgress[] = []
    const onStep = (progress: TranslationProgress): void => void steps.push(progress)
    const [first, , third] = await translator.translate(['机器学习', '', '我爱你'], { onStep, beams: 1 })
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, index) => index + 1))
    for (const [row, wanted] of [first!, third!].entries()) {
      const partials = steps.map(({ partials }) => partials[row]!)
      expect(partials.every(({ index }) => index === row * 2)).toBe(true)
      const { tokens, score } = wanted.candidates[0]!
      // With one beam, each partial translation is a start of the result.
      for (const [step, partial] of partials.entries()) {
        expect(partial.tokens).toEqual(tokens.slice(0, step + 1))
        expect(partial.text).not.toContain('\uFFFD')
      }
      expect(partials.at(-1)!.score).toBeCloseTo(score, 10)
    }
  })

  test('stops when a message that waits asks for it, and frees everything', async () => {
    const before = device.memory().liveBuffers
    const controller = new AbortController()
    let steps = 0
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => controller.abort(), { once: true })
    port1.start()
    port2.postMessage('cancel')
    const [result] = await translator.translate(['机器学习'], {
      signal: controller.signal,
      onStep: async () => {
        steps += 1
        await nextTask()
      },
    })
    port1.close()
    expect(steps).toBeGreaterThan(0)
    expect(steps).toBeLessThan(6)
    expect(result!.candidates[0]!.tokens.length).toBeLessThanOrEqual(steps)
    expect(device.memory().liveBuffers).toBe(before)
  })

  test('an error in what is called back frees everything too', async () => {
    const before = device.memory().liveBuffers
    const onStep = (): never => {
      throw new Error('the page is gone')
    }
    await expect(translator.translate(['机器学习'], { onStep })).rejects.toThrow('the page is gone')
    expect(device.memory().liveBuffers).toBe(before)
  })

  test('a signal that was aborted before is obeyed at once', async () => {
    const [result] = await translator.translate(['机器学习'], { signal: AbortSignal.abort() })
    expect(result!.candidates).toEqual([])
  })
})

describe('ablation', () => {
  const everyHead = (site: 'encoder' | 'decoder' | 'cross') =>
    [0, 1].flatMap((layer) => [0, 1, 2].map((head) => ({ site, layer, head })))

  test('without all heads of one attention, its output projection gets zeros', async () => {
    const ablate = [0, 1, 2].map((head) => ({ site: 'cross' as const, layer: 1, head }))
    const { tokens } = (await translator.translate(['机器学习']))[0]!.candidates[0]!
    const got = await inspectTranslation(translator, '机器学习', tokens, { ablate })
    // A model whose output weights are zero there gives what zeros give: the bias alone.
    const changed = await tinyFiles()
    const other = await loadTranslator(changed.files, { device })
    other.model.loadState(
      [...(await other.model.readState())].map(([path, array]) => [
        path,
        path === 'decoder.layers.1.crossAttention.output.weight'
          ? { ...array, data: new Float64Array(array.data.length), dtype: 'float64' }
          : array,
      ]),
    )
    const wanted = await inspectTranslation(other, '机器学习', tokens)
    expect(got.logProbability).toBeCloseTo(wanted.logProbability, 9)
    const before = await inspectTranslation(translator, '机器学习', tokens)
    expect(Math.abs(got.logProbability - before.logProbability)).toBeGreaterThan(0.01)
    await other.dispose()
  })

  test.each(['encoder', 'decoder', 'cross'] as const)('%s heads: step by step as a whole', async (site) => {
    const ablate = [
      { site, layer: 0, head: 2 },
      { site, layer: 1, head: 0 },
    ]
    const options = { ablate, lengthPenalty: 0 }
    const [result] = await translator.translate(['我爱你'], options)
    const { tokens, logProbability } = result!.candidates[0]!
    const { predictions } = await inspectTranslation(translator, '我爱你', tokens, options)
    const read = predictions.slice(0, Math.min(12, tokens.length + 1))
    const wanted = read.reduce((sum, { next }) => sum + next.logProbability, 0)
    expect(logProbability).toBeCloseTo(wanted, 6)
  })

  test('without cross-attention, the source makes no difference', async () => {
    const [one, two] = await translator.translate(['机器学习', '我爱你'], { ablate: everyHead('cross') })
    expect(one!.text).toBe(two!.text)
    const [first, second] = await translator.translate(['机器学习', '我爱你'])
    expect(first!.text).not.toBe(second!.text)
  })

  test.each([
    [
      { site: 'middle', layer: 0, head: 0 },
      "ablate: 'ablate[0].site' is \"middle\", expected 'encoder', 'decoder', 'cross'",
    ],
    [{ site: 'cross', layer: 2, head: 0 }, "'ablate[0].layer' is 2, expected a layer below 2"],
    [
      { site: 'cross', layer: 0, head: 3 },
      "'ablate[0].head' is 3, expected a head below 3. Choose a head of this model.",
    ],
    [{ site: 'cross', layer: 0.5, head: 0 }, "'ablate[0].layer' is 0.5"],
  ])('refuses %j', async (place, sentence) => {
    await expect(translator.translate(['我'], { ablate: [place as never] })).rejects.toThrow(sentence)
  })
})
