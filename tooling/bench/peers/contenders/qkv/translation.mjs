import { Transformer } from '@qkv/model-zoo'
import { moduleValueAndGrad } from '@qkv/nn'
import { crossEntropy, RandomStream } from '@qkv/tensor'
import { AdamW } from '@qkv/trainer'

const notWeights = new Set(['source', 'target', 'next'])

function createModel(device, inputs, settings) {
  const { encoderLayers, decoderLayers, width, heads, innerWidth } = settings
  const { sourceVocabularySize, targetVocabularySize, source, target } = settings
  const model = new Transformer(
    { device, random: new RandomStream(1) },
    {
      encoderLayers,
      decoderLayers,
      width,
      heads,
      innerWidth,
      sourceVocabularySize,
      targetVocabularySize,
      feedForward: 'relu',
      dropout: 0,
      attentionDropout: 0,
      norm: 'pre',
      finalNorm: true,
      epsilon: 1e-6,
      sharedEmbeddings: 'target-and-output',
      outputBias: false,
      maximumLength: Math.max(source, target),
      attention: ['scaled-dot', 'rope'],
      paddingId: 0,
      beginId: 1,
      endId: 2,
    },
  )
  model.loadState([...inputs].filter(([name]) => !notWeights.has(name)))
  return model
}

export function translationTrainingStep(device, inputs, settings) {
  const model = createModel(device, inputs, settings)
  model.train(new RandomStream(2))
  const optimizer = new AdamW(model.parameters())
  const [source, target, next] = ['source', 'target', 'next'].map((name) => {
    const { data, shape } = inputs.get(name)
    return device.tensor(data, { shape })
  })
  const losses = []
  return {
    run() {
      device.scoped(() => {
        const { value, gradients } = moduleValueAndGrad(model, () =>
          crossEntropy(model.forward(source, target), next),
        )
        optimizer.step(gradients, 1e-3)
        losses.push(value.readSync()[0])
      })
    },
    output: () => losses,
  }
}

export function translationDecode(device, inputs, settings) {
  const model = createModel(device, inputs, settings)
  model.evaluate()
  const [source, target] = ['source', 'target'].map((name) => [...inputs.get(name).data])
  const { targetVocabularySize } = settings
  const output = new Float32Array(target.length * targetVocabularySize)
  return {
    run() {
      const scorer = model.startDecoding([source])
      for (const [position, id] of target.entries()) {
        device.scoped(() => output.set(scorer.advance([[id]]).readSync(), position * targetVocabularySize))
      }
      scorer.dispose()
    },
    output: () => output,
  }
}
