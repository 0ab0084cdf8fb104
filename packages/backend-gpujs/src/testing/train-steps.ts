import {
  adamW,
  type AdamWState,
  type Device,
  donate,
  linear,
  mul,
  sum,
  valueAndGrad,
  zeros,
} from '@qkv/tensor'

/** Trains one layer for some steps, and tells after each; nothing is read. */
export function trainSteps(device: Device, steps: number, afterStep: (step: number) => void): void {
  const shape = [8, 8]
  const weight = device.tensor(
    Float32Array.from({ length: 64 }, (_, index) => Math.sin(index)),
    { shape },
  )
  const x = device.tensor(
    Float32Array.from({ length: 64 }, (_, index) => Math.cos(index)),
    { shape },
  )
  let state: AdamWState = {
    parameter: device.retain(weight),
    firstMoment: device.retain(zeros(device, shape)),
    secondMoment: device.retain(zeros(device, shape)),
  }
  for (let step = 1; step <= steps; step++) {
    const before = state
    device.scoped(() => {
      const { parameter } = before
      const { gradients } = valueAndGrad(() => sum(mul(linear(x, parameter), 0.1)), [parameter])
      const input = { ...before, parameter: donate(parameter), gradient: gradients[0]! }
      state = adamW([input], { learningRate: 0.01, step })[0]!
      for (const tensor of [state.parameter, state.firstMoment, state.secondMoment]) device.retain(tensor)
    })
    before.firstMoment.dispose()
    before.secondMoment.dispose()
    afterStep(step)
  }
}
