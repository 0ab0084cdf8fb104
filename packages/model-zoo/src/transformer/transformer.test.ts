import { createFeedForward, feedForwards, moduleValueAndGrad, type TokenScorer } from '@qkv/nn'
import {
  add,
  ArgumentError,
  crossEntropy,
  createReferenceBackend,
  Device,
  mul,
  RandomStream,
  randomUniform,
  slice,
  sub,
  sum,
  type Tensor,
} from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { describe, expect, test } from 'vitest'
import {
  composeSites,
  padTokens,
  Transformer,
  transformerBase,
  type TransformerConfig,
  type TransformerTap,
} from '../index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
/** In milliseconds: whole models take a while on a busy machine. */
const timeout = 60_000
const exact = { absolute: 1e-11, relative: 1e-9 }

const small: TransformerConfig = {
  ...transformerBase(13),
  width: 8,
  heads: 2,
  encoderLayers: 2,
  decoderLayers: 2,
  innerWidth: 12,
  dropout: 0,
  maximumLength: 80,
}

function create(changes: Partial<TransformerConfig> = {}): Transformer {
  const model = new Transformer({ device, random: new RandomStream(5) }, { ...small, ...changes })
  // Norms and biases start as the identity and zeros, which would hide one that is forgotten.
  for (const parameter of model.parameters().values()) {
    device.scoped(() => {
      const noise = sub(randomUniform(device, parameter.shape, { key: [parameter.size, 1] }), 0.5)
      parameter.assign(add(parameter.value, mul(noise, 0.4)))
    })
  }
  return model
}

const sources = [
  [3, 4, 5, 6, 7],
  [8, 9, 10],
]
const targets = [
  [1, 5, 4, 12],
  [1, 11],
]

function tokens(rows: readonly (readonly number[])[], length = 0): Tensor {
  const filled = rows.map((row) => [...row, ...new Array<number>(Math.max(0, length - row.length)).fill(0)])
  return padTokens(device, filled, { paddingId: 0, vocabularySize: 13 })
}

/** Logits at the real positions of each target. */
function logitsOf(model: Transformer, source: Tensor, target: Tensor): number[][] {
  return device.scoped(() => {
    const logits = model.forward(source, target)
    return targets.map(({ length }, row) =>
      Array.from(slice(logits, [{ start: row, size: 1 }, { size: length }]).readSync()),
    )
  })
}

const norms = [
  { norm: 'post', finalNorm: false },
  { norm: 'pre', finalNorm: true },
] as const

describe.each(norms)('$norm-norm', (norm) => {
  test('filling up a batch changes nothing', () => {
    const model = create(norm)
    const wanted = logitsOf(model, tokens(sources), tokens(targets))
    const longer = logitsOf(model, tokens(sources, 9), tokens(targets, 7))
    for (const [row, numbers] of wanted.entries()) {
      expect(mismatch(longer[row]!, numbers, exact)).toBeNull()
    }
    for (const [row, numbers] of wanted.entries()) {
      const alone = model.forward(tokens([sources[row]!]), tokens([targets[row]!]))
      expect(mismatch(alone.readSync(), numbers, exact)).toBeNull()
    }
  })

  test.each(feedForwards.map(({ name }) => name))(
    '%s: no target position sees a later one',
    (feedForward) => {
      const model = create({ ...norm, feedForward })
      const source = tokens([sources[0]!])
      const before = [...model.forward(source, tokens([[1, 5, 4, 12]])).readSync()]
      const after = [...model.forward(source, tokens([[1, 5, 9, 7]])).readSync()]
      expect(mismatch(after.slice(0, 2 * 13), before.slice(0, 2 * 13), exact)).toBeNull()
      expect(mismatch(after.slice(2 * 13), before.slice(2 * 13), exact)).not.toBeNull()
    },
  )

  test.each(feedForwards.map(({ name }) => name))(
    '%s: the gradient is the slope along a random direction',
    { timeout },
    (feedForward) => {
      const model = create({ ...norm, feedForward })
      const [source, target] = [tokens(sources), tokens(targets)]
      const loss = (): Tensor => crossEntropy(model.forward(source, target), target, { ignoreIndex: 0 })
      const { gradients } = moduleValueAndGrad(model, loss)
      expect([...gradients.keys()]).toEqual([...model.parameters().keys()])
      const directions = new Map(
        [...model.parameters()].map(([path, { shape }], index) => [
          path,
          sub(randomUniform(device, shape, { key: [index, 7] }), 0.5),
        ]),
      )
      const shift = (by: number): void => {
        for (const [path, parameter] of model.parameters()) {
          device.scoped(() => parameter.assign(add(parameter.value, mul(directions.get(path)!, by))))
        }
      }
      const lossAt = (): number => device.scoped(() => loss().readSync()[0]!)
      const step = 1e-5
      shift(step)
      const above = lossAt()
      shift(-2 * step)
      const slope = (above - lossAt()) / (2 * step)
      let wanted = 0
      for (const [path, gradient] of gradients) {
        const values = gradient.readSync()
        expect(values.some((value) => value !== 0) || path.endsWith('key.bias')).toBe(true)
        wanted += sum(mul(gradient, directions.get(path)!)).readSync()[0]!
      }
      expect(Math.abs(slope - wanted)).toBeLessThan(1e-7 * Math.max(1, Math.abs(wanted)))
    },
  )

  test.each([
    // Beyond 64 positions, where caches grow; what is computed anew each time has no such place.
    ['relu', true, 70],
    ['swiglu', true, 70],
    ['convolutional', false, 9],
  ] as const)(
    '%s: token by token gives what the whole gives',
    { timeout },
    (feedForward, cacheable, length) => {
      const model = create({ ...norm, feedForward })
      expect(model.decoder.cacheable).toBe(cacheable)
      const target = Array.from({ length }, (_, index) => 1 + ((index * index + 3) % 12))
      const scorer = model.startDecoding([sources[0]!, sources[1]!])
      const rows = [target, target.toReversed()]
      const whole = model.forward(tokens(sources), tokens(rows))
      // Some at once, then one by one.
      const steps = [3, ...new Array<number>(length - 3).fill(1)]
      let start = 0
      for (const size of steps) {
        const got = scorer.advance(rows.map((row) => row.slice(start, start + size)))
        start += size
        const wanted = slice(whole, [{}, { start: start - 1, size: 1 }]).readSync()
        expect(mismatch(got.readSync(), [...wanted], exact)).toBeNull()
        got.dispose()
      }
      scorer.dispose()
    },
  )
})

test('selected rows go on with their own source and history', () => {
  const model = create()
  const scorer: TokenScorer = model.startDecoding(sources)
  const first = [
    [1, 5],
    [1, 6],
  ]
  scorer.advance(first).dispose()
  scorer.select([1, 0, 1])
  const next = [[2], [3], [4]]
  const got = scorer.advance(next).readSync()
  const rows = [1, 0, 1].map((row, index) => [...first[row]!, ...next[index]!])
  const whole = model.forward(tokens([1, 0, 1].map((row) => sources[row]!)), tokens(rows))
  expect(mismatch(got, [...slice(whole, [{}, { start: -1 }]).readSync()], exact)).toBeNull()
  scorer.dispose()
})

describe('tap', () => {
  const source = (): Tensor => tokens([sources[0]!])
  const target = (): Tensor => tokens([targets[0]!])

  test('sees every attention and hidden state in order, and the hidden states are what the stacks give out', () => {
    const model = create({ encoderLayers: 1 })
    const places: string[] = []
    const last = new Map<string, number[]>()
    model.forward(source(), target(), {
      attention: ({ site, layer }) => void places.push(`${site} ${layer}`),
      hidden({ stack, layer }, hidden) {
        places.push(`${stack} after ${layer}`)
        last.set(stack, [...hidden.readSync()])
        return hidden
      },
    })
    expect(places).toEqual([
      'encoder after 0',
      'encoder 0',
      'encoder after 1',
      'decoder after 0',
      'decoder 0',
      'cross 0',
      'decoder after 1',
      'decoder 1',
      'cross 1',
      'decoder after 2',
    ])
    expect(last.get('encoder')).toEqual([...model.encode(source()).memory.readSync()])
  })

  test.each([
    ['relu', true],
    ['convolutional', false],
  ])('%s: what it changes is changed token by token too', (feedForward, cacheable) => {
    const model = create({ feedForward })
    expect(model.decoder.cacheable).toBe(cacheable)
    const silent: TransformerTap = {
      attention: ({ site, layer }) =>
        layer === 1 && site !== 'encoder'
          ? (at, tensor) => (at === 'mixed' ? mul(tensor, 0.5) : tensor)
          : undefined,
      hidden: ({ stack, layer }, hidden) => (stack === 'encoder' && layer === 1 ? mul(hidden, 2) : hidden),
    }
    const whole = model.forward(source(), target(), silent)
    expect(
      mismatch(whole.readSync(), [...model.forward(source(), target()).readSync()], exact),
    ).not.toBeNull()
    const scorer = model.startDecoding([sources[0]!], silent)
    for (const [position, token] of targets[0]!.entries()) {
      const wanted = slice(whole, [{}, { start: position, size: 1 }]).readSync()
      expect(mismatch(scorer.advance([[token]]).readSync(), [...wanted], exact)).toBeNull()
    }
    scorer.dispose()
  })
})

test('nothing is left behind by forward, backward, training mode or decoding', () => {
  const model = create({ dropout: 0.2, attentionDropout: 0.2 })
  const [source, target] = [tokens(sources), tokens(targets)]
  const before = device.memory().liveBuffers
  model.train(new RandomStream(1))
  device.scoped(() => {
    moduleValueAndGrad(model, () => crossEntropy(model.forward(source, target), target, { ignoreIndex: 0 }))
  })
  model.evaluate()
  model.forward(source, target).dispose()
  for (const feedForward of ['relu', 'convolutional']) {
    const decoded = create({ feedForward })
    const scorer = decoded.startDecoding(sources)
    scorer.advance([[1], [1]]).dispose()
    scorer.select([0, 0, 1])
    scorer.advance([[5], [6], [7]]).dispose()
    scorer.dispose()
    decoded.dispose()
  }
  expect(device.memory().liveBuffers).toBe(before)
  model.dispose()
})

test('dropout drops while training only', () => {
  const model = create({ dropout: 0.3, attentionDropout: 0.3 })
  const run = (): number[] => logitsOf(model, tokens(sources), tokens(targets)).flat()
  const quiet = run()
  model.train(new RandomStream(4))
  const noisy = run()
  model.train(new RandomStream(4))
  expect(run()).toEqual(noisy)
  expect(run()).not.toEqual(noisy)
  model.evaluate()
  expect(run()).toEqual(quiet)
  expect(noisy).not.toEqual(quiet)
})

test('weights that are read and loaded give the same model', async () => {
  const model = create({ sharedEmbeddings: 'target-and-output', outputBias: true })
  const other = new Transformer({ device, random: new RandomStream(99) }, model.config)
  const before = logitsOf(other, tokens(sources), tokens(targets))
  const wanted = logitsOf(model, tokens(sources), tokens(targets))
  expect(before).not.toEqual(wanted)
  other.loadState(await model.readState())
  expect(logitsOf(other, tokens(sources), tokens(targets))).toEqual(wanted)
  const names = [...model.state().keys()]
  expect(names).toContain('encoder.layers.1.selfAttention.query.weight')
  expect(names).toContain('decoder.layers.0.crossAttentionSublayer.norm.weight')
  expect(names).toContain('targetEmbedding.table')
  expect(names.filter((name) => /^output|parts/.test(name))).toEqual(['output.bias'])
})

describe('the places of attention', () => {
  const namesOf = (config: Pick<TransformerConfig, 'attention' | 'attentionDropout'>): string[] => {
    const { encoder, decoder, cross } = composeSites(config)
    return [encoder, decoder, cross].map(({ name }) => name)
  }

  test('a list is for all of them, without its positions across sequences', () => {
    const attention = ['scaled-dot', 'rope', 'learned', 'alibi', 't5-bias']
    expect(namesOf({ attention, attentionDropout: 0 })).toEqual([
      'scaled-dot + rope + learned + alibi + t5-bias + padding',
      'scaled-dot + rope + learned + alibi + t5-bias + causal + padding',
      'scaled-dot + padding',
    ])
  })

  test('each can have its own, and dropout comes with its rate', () => {
    const attention = {
      encoder: ['additive'],
      decoder: ['scaled-dot', 'causal'],
      cross: ['luong', 'padding'],
    }
    expect(namesOf({ attention, attentionDropout: 0.1 })).toEqual([
      'additive + padding + dropout',
      'scaled-dot + causal + padding + dropout',
      'luong + padding + dropout',
    ])
  })

  test('between source and target a list keeps what works there, and scaled-dot scores if nothing else does', () => {
    const listed = (...attention: string[]): string =>
      composeSites({ attention, attentionDropout: 0 }).cross.name
    expect(listed('retention', 'sinusoidal')).toBe('scaled-dot + padding')
    expect(listed('polar')).toBe('scaled-dot + padding')
    expect(listed('linear', 'sinusoidal')).toBe('linear + padding')
    expect(listed('scaled-dot', 'forgetting', 'gated')).toBe('scaled-dot + gated + padding')
  })

  test.each([
    ['fnet', "'attention.encoder' has 'fnet', which cannot be beside 'padding': the transform adds up all"],
    ['efficient', "'attention.decoder' has 'efficient', which cannot be beside 'causal'"],
    ['graphormer-distance', "has 'graphormer-distance', which asks for the side input 'distances'"],
  ])('%s in a list is refused with the site and the reason', (name, sentence) => {
    expect(() =>
      create({ attention: ['scaled-dot', name].slice(name === 'graphormer-distance' ? 0 : 1) }),
    ).toThrow(sentence)
  })

  test('what works in one place can be named there', () => {
    const attention = {
      encoder: ['efficient', 'sinusoidal'],
      decoder: ['scaled-dot', 'rope'],
      cross: ['scaled-dot'],
    }
    const logits = logitsOf(create({ attention }), tokens(sources), tokens(targets))
    expect(logits.flat().every(Number.isFinite)).toBe(true)
    expect(() => create({ attention: { ...attention, encoder: ['perceiver'] } })).toThrow(
      "'attention.encoder' has 'perceiver', which gives 32 outputs whatever the length",
    )
    expect(() => create({ attention: { ...attention, cross: ['retention'] } })).toThrow(
      "'attention.cross' has 'retention', which only works within one sequence",
    )
  })

  test.each([
    [['scaled-dot', 'rope']],
    [['retention', 'sinusoidal']],
    [['scaled-dot', 'alibi']],
    [['scaled-dot', 't5-bias']],
    [['linear', 'sinusoidal']],
    [['additive', 'learned']],
  ])('%j decodes token by token as a whole', (attention) => {
    const model = create({ attention })
    const scorer = model.startDecoding([sources[0]!])
    const target = [1, 5, 4, 12, 7]
    const whole = model.forward(tokens([sources[0]!]), tokens([target]))
    for (const [position, token] of target.entries()) {
      const wanted = slice(whole, [{}, { start: position, size: 1 }]).readSync()
      expect(mismatch(scorer.advance([[token]]).readSync(), [...wanted], exact)).toBeNull()
    }
    scorer.dispose()
  })
})

test('caches of a decoder that cannot use them are refused', () => {
  const { decoder } = create({ feedForward: 'convolutional' })
  expect(() => decoder.createCaches()).toThrow(
    "TransformerDecoder: 'caches' are asked for, expected layers that look at keys and values of earlier positions only. " +
      "Compute the whole target at each step, with `caches: 'none'`.",
  )
})

test.each<[Partial<TransformerConfig>, string]>([
  [{ width: 0 }, "Transformer: 'width' is 0, expected a positive whole number. Set it in the model config."],
  [{ encoderLayers: 1.5 }, "'encoderLayers' is 1.5"],
  [
    { heads: 3 },
    "Transformer: 'heads' is 3, expected a number that divides the width 8. Change one of the two.",
  ],
  [
    { sourceVocabularySize: 20 },
    "Transformer: 'sharedEmbeddings' is 'all', expected equal vocabularies, not 20 and 13. " +
      "Use one tokenizer for both languages, or 'target-and-output'.",
  ],
  [{ endId: 13 }, "Transformer: 'endId' is 13, expected a token id below 13. Take it from the tokenizer."],
  [{ paddingId: -1 }, "'paddingId' is -1"],
])('the config %o is refused', (changes, message) => {
  const build = (): Transformer =>
    new Transformer({ device, random: new RandomStream(1) }, { ...small, ...changes })
  expect(build).toThrow(ArgumentError)
  expect(build).toThrow(message)
})

test('an unknown feed-forward network or part is refused by name', () => {
  const init = { device, random: new RandomStream(1) }
  const options = { width: 8, innerWidth: 8, dropout: 0, causal: false }
  expect(() => createFeedForward('relux', init, options)).toThrow("Did you mean 'relu'?")
  expect(() => create({ feedForward: 'relux' })).toThrow("Did you mean 'relu'?")
  expect(() => create({ attention: ['scaled-dots'] })).toThrow("has 'scaled-dots'")
})

test('a sequence beyond the maximum length is refused', () => {
  const model = create({ maximumLength: 4 })
  expect(() => model.forward(tokens(sources), tokens(targets))).toThrow('reaches position 4')
})
