import { fromHuggingFaceGpt2, Gpt2, gpt2Small } from '@qkv/model-zoo'
import { moduleValueAndGrad } from '@qkv/nn'
import { crossEntropy, RandomStream } from '@qkv/tensor'
import { AdamW } from '@qkv/trainer'

function createModel(device, inputs, settings) {
  const { layers, width, heads, vocabularySize, maximumLength } = settings
  const model = new Gpt2(
    { device, random: new RandomStream(1) },
    { ...gpt2Small(), layers, width, heads, vocabularySize, maximumLength, dropout: 0, attentionDropout: 0 },
  )
  const weights = [...inputs].filter(([name]) => name !== 'tokens' && name !== 'targets')
  model.loadState(fromHuggingFaceGpt2(weights))
  return model
}

export function gptForward(device, inputs, settings) {
  const model = createModel(device, inputs, settings)
  const { data, shape } = inputs.get('tokens')
  const tokens = device.tensor(data, { shape })
  let logits
  return {
    run() {
      device.scoped(() => {
        logits = model.forward(tokens).readSync()
      })
    },
    output: () => logits,
  }
}

export function gptTrainingStep(device, inputs, settings) {
  const model = createModel(device, inputs, settings)
  model.train(new RandomStream(2))
  const optimizer = new AdamW(model.parameters())
  const [tokens, targets] = ['tokens', 'targets'].map((name) => {
    const { data, shape } = inputs.get(name)
    return device.tensor(data, { shape })
  })
  const losses = []
  return {
    run() {
      device.scoped(() => {
        const { value, gradients } = moduleValueAndGrad(model, () =>
          crossEntropy(model.forward(tokens), targets),
        )
        optimizer.step(gradients, 1e-3)
        losses.push(value.readSync()[0])
      })
    },
    output: () => losses,
  }
}

export function gptDecode(device, inputs, settings) {
  const { prefillLength, length, vocabularySize } = settings
  const model = createModel(device, inputs, settings)
  const ids = [...inputs.get('tokens').data]
  const output = new Float32Array((length - prefillLength) * vocabularySize)
  let scorer
  return {
    reset() {
      scorer?.dispose()
      scorer = model.startDecoding()
      device.scoped(() => scorer.advance([ids.slice(0, prefillLength)]))
    },
    run() {
      for (let position = prefillLength; position < length; position++) {
        device.scoped(() => {
          const logits = scorer.advance([[ids[position]]]).readSync()
          output.set(logits, (position - prefillLength) * vocabularySize)
        })
      }
    },
    output: () => output,
  }
}
