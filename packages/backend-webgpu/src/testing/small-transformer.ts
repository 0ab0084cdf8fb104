import {
  adamW,
  type AdamWState,
  add,
  attention,
  crossEntropy,
  type Device,
  donate,
  dropout,
  embedding,
  geluTanh,
  layerNorm,
  linear,
  randomKey,
  reshape,
  slice,
  type Tensor,
  transpose,
  valueAndGrad,
} from '@qkv/tensor'
import { waves } from './arbitraries.ts'

const vocabulary = 17
const width = 16
const heads = 2

/** Shapes of the parameters of a decoder of one layer, by name. */
const shapes = {
  tokens: [vocabulary, width],
  norm: [width],
  normBias: [width],
  projection: [3 * width, width],
  output: [width, width],
  secondNorm: [width],
  secondBias: [width],
  expand: [4 * width, width],
  expandBias: [4 * width],
  contract: [width, 4 * width],
  classes: [vocabulary, width],
} as const

type Name = keyof typeof shapes
const names = Object.keys(shapes) as Name[]

/** A decoder of one layer that learns to continue a periodic text, and the state of its optimizer. */
export class SmallTransformer {
  readonly #device: Device
  readonly #states = new Map<Name, AdamWState>()
  #step = 0

  constructor(device: Device) {
    this.#device = device
    for (const [index, name] of names.entries()) {
      const shape = shapes[name]
      const zeros = new Float32Array(shape.reduce((product: number, length) => product * length, 1))
      const state = device.scoped(() => ({
        parameter: waves(device, shape, 0.7 + index * 0.31),
        firstMoment: device.tensor(zeros, { shape }),
        secondMoment: device.tensor(zeros, { shape }),
      }))
      for (const tensor of Object.values(state)) device.retain(tensor)
      this.#states.set(name, state)
    }
  }

  /** One update on texts of this length; gives the loss. */
  train(length: number, rate = 0.01): Tensor {
    this.#step += 1
    const scope = this.#device.scope()
    try {
      const parameters = names.map((name) => this.#states.get(name)!.parameter)
      const { value, gradients } = valueAndGrad(() => this.#loss(length), parameters)
      const states = names.map((name) => this.#states.get(name)!)
      const next = adamW(
        states.map(({ parameter, firstMoment, secondMoment }, index) => ({
          parameter: donate(parameter),
          firstMoment: donate(firstMoment),
          secondMoment: donate(secondMoment),
          gradient: gradients[index]!,
        })),
        { learningRate: rate, step: this.#step },
      )
      for (const [index, state] of next.entries()) {
        for (const tensor of Object.values(state)) this.#device.retain(tensor)
        this.#states.set(names[index]!, state)
      }
      return scope.keep(value)
    } finally {
      scope.dispose()
    }
  }

  dispose(): void {
    for (const state of this.#states.values()) for (const tensor of Object.values(state)) tensor.dispose()
  }

  #loss(length: number): Tensor {
    const batch = 2
    const text = (shift: number): Tensor =>
      this.#device.tensor(
        Int32Array.from({ length: batch * length }, (_, index) => ((index + shift) * 5) % vocabulary),
        { shape: [batch, length] },
      )
    const of = (name: Name): Tensor => this.#states.get(name)!.parameter
    const x = embedding(text(0), of('tokens'))
    const normed = layerNorm(x, { weight: of('norm'), bias: of('normBias') })
    const projected = reshape(linear(normed, of('projection')), [batch, length, 3, heads, width / heads])
    const [query, key, value] = [0, 1, 2].map((part) => partOf(projected, part))
    const { output } = attention(query!, key!, value!, { mask: { kind: 'causal' } })
    const joined = reshape(transpose(output, { order: [0, 2, 1, 3] }), [batch, length, width])
    const dropped = dropout(linear(joined, of('output')), { rate: 0.1, key: randomKey(this.#step) })
    const middle = add(x, dropped)
    const second = layerNorm(middle, { weight: of('secondNorm'), bias: of('secondBias') })
    const inner = geluTanh(linear(second, of('expand'), of('expandBias')))
    const final = add(middle, linear(inner, of('contract')))
    return crossEntropy(linear(final, of('classes')), text(1))
  }
}

/** Query, key or value `[batch, heads, length, headSize]` from `[batch, length, 3, heads, headSize]`. */
function partOf(projected: Tensor, part: number): Tensor {
  const [batch, length, , heads, headSize] = projected.shape as readonly [
    number,
    number,
    number,
    number,
    number,
  ]
  const own = slice(projected, [{}, {}, { start: part, size: 1 }])
  return transpose(reshape(own, [batch, length, heads, headSize]), { order: [0, 2, 1, 3] })
}
