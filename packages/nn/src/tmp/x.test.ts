// @ts-nocheck
import { createReferenceBackend, Device, donate, mean, mul, RandomStream, square, sub } from '@qkv/tensor'
import { LayerNorm, Linear, MLP, moduleValueAndGrad, Sequential } from '../index.ts'
import { test, expect } from 'vitest'
test('readme', () => {
const device = new Device(createReferenceBackend())
const initialization = { device, random: new RandomStream(1) }
const model = new Sequential([
  new MLP(initialization, { width: 4, innerWidth: 16, activation: 'gelu', dropout: 0.1 }),
  new LayerNorm(initialization, { width: 4 }),
  new Linear(initialization, { inputSize: 4, outputSize: 1 }),
])
console.log(model.summary())
let losses = []
model.train(new RandomStream(2))
for (let step = 0; step < 100; step++) {
  using scope = device.scope()
  const x = device.tensor([[1, 2, 3, 4], [4, 3, 2, 1]])
  const y = device.tensor([[0], [1]])
  const { value, gradients } = moduleValueAndGrad(model, () => mean(square(sub(model.forward(x), y))))
  losses.push(value.readSync()[0])
  for (const [path, parameter] of model.parameters()) {
    parameter.assign(sub(donate(parameter.value), mul(gradients.get(path)!, 0.05)))
  }
}
model.evaluate()
console.log(losses[0], losses[99], device.memory(), model.parameters().size)
})
