import { describe, expect, test } from 'vitest'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { mismatch } from '../conformance/matchers.ts'
import { Device } from '../device.ts'
import { donate } from '../tensor.ts'
import { adamW, type AdamWState } from './adam-w.ts'
import { zeros } from './full.ts'

/** One number followed through the algorithm as it is printed in the paper, with PyTorch's order. */
function plainAdamW(start: number, gradients: readonly number[], weightDecay: number): number {
  let parameter = start
  let first = 0
  let second = 0
  gradients.forEach((gradient, index) => {
    const step = index + 1
    parameter -= 0.1 * weightDecay * parameter
    first = 0.9 * first + 0.1 * gradient
    second = 0.99 * second + 0.01 * gradient ** 2
    const firstHat = first / (1 - 0.9 ** step)
    const secondHat = second / (1 - 0.99 ** step)
    parameter -= (0.1 * firstHat) / (Math.sqrt(secondHat) + 1e-3)
  })
  return parameter
}

const options = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-3, weightDecay: 0.2 }

describe('adamW', () => {
  test('equals the plain algorithm over several steps, with and without decay, and leaves nothing behind', () => {
    const device = new Device(createReferenceBackend({ precision: 'float64' }))
    const starts = [Float64Array.of(1, -2, 0.5), Float64Array.of(3)]
    const gradients = [
      [Float64Array.of(0.3, 0, -1), Float64Array.of(2)],
      [Float64Array.of(-0.1, 0, -1e-4), Float64Array.of(0.5)],
      [Float64Array.of(5, 1e-6, 0.2), Float64Array.of(-3)],
    ]
    let states: readonly AdamWState[] = starts.map((start) => ({
      parameter: device.tensor(start),
      firstMoment: device.tensor(new Float64Array(start.length)),
      secondMoment: device.tensor(new Float64Array(start.length)),
    }))
    gradients.forEach((ofStep, index) => {
      states = device.scoped(() => {
        const inputs = states.map(({ parameter, firstMoment, secondMoment }, position) => ({
          parameter: donate(parameter),
          firstMoment: donate(firstMoment),
          secondMoment: donate(secondMoment),
          gradient: device.tensor(ofStep[position]!),
          decay: position === 0,
        }))
        return adamW(inputs, { ...options, step: index + 1 })
      })
    })
    states.forEach(({ parameter }, position) => {
      const wanted = Array.from(starts[position]!, (start, element) =>
        plainAdamW(
          start,
          gradients.map((ofStep) => ofStep[position]![element]!),
          position === 0 ? 0.2 : 0,
        ),
      )
      expect(mismatch(parameter.readSync(), wanted, { absolute: 1e-12, relative: 1e-12 })).toBeNull()
    })
    expect(device.memory().liveBuffers).toBe(6)
  })

  test('names what does not fit', () => {
    const device = new Device(createReferenceBackend())
    const [parameter, gradient] = [zeros(device, [2]), zeros(device, [3])]
    const input = { parameter, gradient, firstMoment: parameter, secondMoment: parameter }
    expect(() => adamW([input], { ...options, step: 1 })).toThrow(
      "adamW: 'gradient 0' has shape [3], expected the shape of its parameter, [2]",
    )
    expect(() => adamW([input], { ...options, step: 0 })).toThrow(
      "'step' is 0, expected a whole number from 1",
    )
    expect(adamW([], { ...options, step: 1 })).toEqual([])
  })
})
