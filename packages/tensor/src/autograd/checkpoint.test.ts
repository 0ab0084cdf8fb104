import { expect, test } from 'vitest'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import { dropout } from '../ops/dropout.ts'
import { exp } from '../ops/exp.ts'
import { matmul } from '../ops/matmul.ts'
import { mul } from '../ops/mul.ts'
import { sin } from '../ops/sin.ts'
import { sum } from '../ops/sum.ts'
import { tanh } from '../ops/tanh.ts'
import { RandomStream } from '../random/random-stream.ts'
import type { Tensor } from '../tensor.ts'
import { checkpoint } from './checkpoint.ts'
import { valueAndGrad } from './value-and-grad.ts'

function setUp(): { device: Device; x: Tensor; weight: Tensor } {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  return {
    device,
    x: device.tensor([[0.2, -0.4]]),
    weight: device.tensor([
      [0.1, 0.7],
      [-0.3, 0.5],
    ]),
  }
}

test('gradients of inputs and of what the function reads are those of a plain run', () => {
  const { x, weight } = setUp()
  const layer = (input: Tensor) => tanh(matmul(sin(input), weight))
  const plain = valueAndGrad(() => sum(exp(layer(layer(x)))), [x, weight])
  const again = valueAndGrad(() => sum(exp(checkpoint(layer, [checkpoint(layer, [x])]))), [x, weight])
  expect(again.value.readSync()).toEqual(plain.value.readSync())
  for (const [index, gradient] of plain.gradients.entries()) {
    const values = again.gradients[index]!.readSync()
    gradient.readSync().forEach((wanted, at) => expect(values[at]).toBeCloseTo(wanted, 14))
  }
})

test('the tape holds the inputs only, until the gradient runs', () => {
  const { device, x, weight } = setUp()
  const layer = (input: Tensor) => device.scoped(() => tanh(matmul(sin(exp(mul(input, input))), weight)))
  const peak = (run: (input: Tensor) => Tensor) => {
    let live = 0
    device.scoped(() =>
      valueAndGrad(() => {
        const loss = sum(run(run(run(x))))
        live = device.memory().liveBuffers
        return loss
      }, [x, weight]),
    )
    return live
  }
  expect(peak((input) => checkpoint(layer, [input]))).toBeLessThan(peak(layer))
})

test('dropout repeats itself in the gradient', () => {
  const { x } = setUp()
  const run = (random: RandomStream, wrap: boolean) => {
    const layer = (input: Tensor) => mul(dropout(input, { rate: 0.5, key: random.next() }), input)
    const result = valueAndGrad(
      () => sum(wrap ? checkpoint(layer, [x], { random }) : layer(x)),
      [x],
    ).gradients[0]!.readSync()
    return { result: [...result], state: random.state }
  }
  for (let seed = 0; seed < 8; seed++) {
    expect(run(new RandomStream(seed), true)).toEqual(run(new RandomStream(seed), false))
  }
})

test('second derivatives pass through', () => {
  const { x } = setUp()
  const cube = (input: Tensor) => mul(mul(input, input), input)
  const first = () => sum(valueAndGrad(() => sum(checkpoint(cube, [x])), [x]).gradients[0]!)
  const values = valueAndGrad(first, [x]).gradients[0]!.readSync()
  expect(values[0]).toBeCloseTo(6 * 0.2, 12)
  expect(values[1]).toBeCloseTo(6 * -0.4, 12)
})

test('without a gradient it is a plain call', () => {
  const { device, x } = setUp()
  const before = device.memory().liveBuffers
  device.scoped(() => expect(checkpoint((input) => mul(input, 2), [x]).readSync()[0]).toBeCloseTo(0.4, 15))
  expect(device.memory().liveBuffers).toBe(before)
})
