import { ones } from '@qkv/nn'
import { expect, test } from 'vitest'
import {
  alibi,
  attentionPooling,
  type AttentionPart,
  causal,
  compose,
  CompositionError,
  conditional,
  cope,
  differential,
  dropout,
  edgeBiased,
  latent,
  learnedSink,
  multiToken,
  nystrom,
  perceiver,
  polar,
  prefixLm,
  queryKeyNorm,
  rope,
  ropeAxial,
  ropeYarn,
  scaledDot,
  sinusoidal,
  slidingWindow,
  slot,
  sparseIndexer,
  stickBreaking,
  streaming,
  strided,
  tensorProduct,
  topK,
  valueResidual,
  xpos,
} from './index.ts'

function plugin(stages: Partial<AttentionPart>): AttentionPart {
  return { name: 'plugin', source: 'a test', ...stages }
}

test.each<[string, readonly AttentionPart[], string]>([
  ['rope and rope-yarn', [scaledDot(), rope(), ropeYarn()], "'rope' is composed with 'rope-yarn'"],
  ['xpos and rope', [scaledDot(), xpos(), rope()], "'xpos' is composed with 'rope'"],
  ['polar and rope-axial', [polar(), ropeAxial()], "'polar' is composed with 'rope-axial'"],
  ['latent and rope', [scaledDot(), latent(), rope()], "'latent' is composed with 'rope'"],
])('refuses two parts that turn queries and keys: %s', (_, parts, got) => {
  expect(() => compose(parts)).toThrow(
    `compose: ${got}, but each of the two turns queries and keys by position, expected one part that does. Keep one of them.`,
  )
})

test('what turns nothing goes with what does', () => {
  expect(compose([scaledDot(), tensorProduct({ base: 'none' })]).name).toBe('scaled-dot + tensor-product')
  expect(() => compose([scaledDot(), tensorProduct(), rope()])).toThrow('each of the two turns')
})

test.each([
  ['streaming', streaming()],
  ['strided', strided()],
  ['sliding-window', slidingWindow({ left: 3, right: 0 })],
])('what excludes causal excludes %s, which hides later positions too', (name, mask) => {
  expect(() => compose([scaledDot(), slot(), mask])).toThrow(
    `compose: 'slot' is composed with '${name}', but its queries compete, and each sees all others, ` +
      `expected parts other than 'causal' and '${name}' beside 'slot'. Remove one of the two.`,
  )
  expect(() => compose([scaledDot(), mask, conditional()])).toThrow('later ones too')
  expect(() => compose([scaledDot(), prefixLm(), mask])).toThrow('later positions')
})

test('a composition knows whether later positions are hidden, by whichever part', () => {
  for (const part of [
    causal(),
    streaming(),
    strided(),
    stickBreaking(),
    slidingWindow({ left: 1, right: 0 }),
  ]) {
    expect(compose([scaledDot(), part]).causal).toBe(true)
  }
  expect(compose([scaledDot(), slidingWindow({ left: 1 }), slot()]).causal).toBe(false)
  expect(compose([scaledDot(), multiToken(), streaming()]).causal).toBe(true)
})

test('refuses positions of queries beside queries that have none', () => {
  expect(() => compose([scaledDot(), alibi(), perceiver({ latents: 3 })])).toThrow(
    "compose: 'alibi' is composed with 'perceiver', but the queries of 'perceiver' are at no position, and 'alibi' needs one, " +
      "expected parts that ask for no position of a query beside 'perceiver'. " +
      "Remove one of the two; where keys are can come with the embeddings, such as by 'sinusoidal'.",
  )
  expect(() => compose([nystrom(), attentionPooling()])).toThrow('its landmarks are means over one sequence')
  for (const part of [ropeYarn(), slidingWindow(), xpos()]) {
    expect(() => compose([scaledDot(), perceiver(), part])).toThrow('are at no position')
  }
  for (const part of [sinusoidal(), topK(), sparseIndexer()]) {
    expect(compose([scaledDot(), perceiver(), part]).parts).toContain(part)
  }
})

test('refuses parts that count on one map of scores per head beside one that makes two', () => {
  expect(() => compose([differential(), cope()])).toThrow(
    "compose: 'differential' is composed with 'cope', but each head has two maps of scores, and 'cope' counts on one map of " +
      "scores per head, expected parts that take any number of them beside 'differential'. Remove one of the two.",
  )
  // Seen from the shape of its parameter.
  expect(() => compose([learnedSink(), differential()])).toThrow(CompositionError)
  for (const part of [topK(), sparseIndexer(), dropout(), rope({ pairing: 'neighbors' }), scaledOutput()]) {
    expect(compose([differential(), part]).parts).toContain(part)
  }
})

/** A parameter per head for a stage that has no scores. */
function scaledOutput(): AttentionPart {
  return plugin({
    parameters: { scale: { owner: 'attention', shape: ({ heads }) => [heads], initializer: ones() } },
    output: (_, output) => output,
  })
}

test('refuses parts that count on the head size beside one that makes queries and keys wider', () => {
  const bias = (
    parameters: AttentionPart['parameters'],
    countsOn?: AttentionPart['countsOn'],
  ): AttentionPart =>
    plugin({ bias: (_, scores) => scores, ...(parameters && { parameters }), ...(countsOn && { countsOn }) })
  const perColumn = {
    vector: {
      owner: 'attention',
      shape: ({ headSize }: { headSize: number }) => [headSize],
      initializer: ones(),
    },
  } as const
  const wide = [[scaledDot(), latent()], [polar()]] as const
  for (const parts of wide) {
    expect(() => compose([...parts, bias(perColumn)])).toThrow(
      "and 'plugin' counts on queries and keys of the head size",
    )
    expect(() => compose([...parts, bias(undefined, ['keyColumns'])])).toThrow(CompositionError)
    // It says that its parameter is for something else.
    expect(compose([...parts, bias(perColumn, [])]).parts).toHaveLength(parts.length + 1)
  }
  expect(compose([scaledDot(), latent(), edgeBiased({ combine: 'plus' })]).parts).toHaveLength(3)
})

test('a queryKey stage meets what the parts before it have made wider', () => {
  expect(() => compose([polar(), queryKeyNorm({ norm: 'rms' })])).toThrow(
    'counts on queries and keys of the head size',
  )
  expect(compose([queryKeyNorm({ norm: 'rms' }), polar()]).parts).toHaveLength(2)
  expect(compose([polar(), valueResidual()]).parts).toHaveLength(2)
})
