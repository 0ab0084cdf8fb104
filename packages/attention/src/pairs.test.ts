import { createReferenceBackend } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { createSample, sampleInput } from './conformance/sample-attention.ts'
import {
  type AttentionPart,
  builtInParts,
  chainStages,
  compose,
  type Composition,
  CompositionError,
  scaledDot,
} from './index.ts'

/** Where the default is made for long sequences: so small that it means something for those of the sample, or fits them. */
const smallOptions: Readonly<Record<string, object>> = {
  bigbird: { blockSize: 2, random: 1, globals: 1 },
  moba: { blockSize: 2, blocks: 1 },
  'multi-token': { queries: 2, keys: 3 },
  'native-sparse': { compressionBlock: 2, stride: 1, selectionBlock: 2, selected: 2, window: 2 },
  perceiver: { latents: 3 },
  'sparse-indexer': { k: 2 },
  streaming: { window: 2, sinks: 1 },
  'top-k': { k: 2 },
}

const create = (name: string): AttentionPart => builtInParts.get(name)!(smallOptions[name] as never)

/** `undefined` for what `compose` refuses. */
function composed(first: AttentionPart, second: AttentionPart): Composition | undefined {
  const isComplete = [first, second].some(({ score, mix }) => score !== undefined || mix !== undefined)
  try {
    return compose(isComplete ? [first, second] : [scaledDot(), first, second])
  } catch (error) {
    if (error instanceof CompositionError) return undefined
    throw error
  }
}

/** The other order makes other sums where both take part in a chain. */
function ordersOf(name: string, other: string): readonly (readonly [string, string])[] {
  const [first, second] = [create(name), create(other)]
  const sharesChain = chainStages.some((stage) => stage !== 'mask' && first[stage] && second[stage])
  return sharesChain
    ? [
        [name, other],
        [other, name],
      ]
    : [[name, other]]
}

test('any two parts that compose run, and give numbers', () => {
  const names = [...builtInParts.keys()]
  const pairs = names.flatMap((name, index) =>
    names.slice(index + 1).flatMap((other) => ordersOf(name, other)),
  )
  const failures: string[] = []
  let ran = 0
  for (const [name, other] of pairs) {
    const composition = composed(create(name), create(other))
    if (!composition) continue
    try {
      const { device, model } = createSample(createReferenceBackend({ precision: 'float64' }), composition)
      const output = device.scoped(() => model.forward(sampleInput(device)).readSync())
      if (!Array.from(output).every(Number.isFinite)) failures.push(`${name} + ${other}: not finite`)
      ran += 1
    } catch (error) {
      failures.push(`${name} + ${other}: ${String(error)}`)
    }
  }
  expect(failures).toEqual([])
  // Most pairs go together: were they refused instead, the above would say nothing.
  expect(ran / pairs.length).toBeGreaterThan(0.7)
})
