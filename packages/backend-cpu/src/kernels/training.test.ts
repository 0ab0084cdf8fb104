import {
  adamW,
  adamWOp,
  crossEntropyBackwardOp,
  crossEntropyOp,
  Device,
  donate,
  type Tensor,
} from '@qkv/tensor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCpuBackend } from '../index.ts'
import { numbers, shapes } from '../testing/arbitraries.ts'
import { builds, compare, compareOp, toTensor } from '../testing/compare.ts'

describe('crossEntropy', () => {
  const cases = fc
    .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 9 }))
    .chain(([rows, classes]) =>
      fc.record({
        logits: numbers([rows, classes]),
        logSumExp: numbers([rows]),
        gradient: numbers([rows]),
        targets: fc.array(fc.integer({ min: -1, max: classes - 1 }), { minLength: rows, maxLength: rows }),
        labelSmoothing: fc.constantFrom(0, 0.1, 1),
        scale: fc.constantFrom(1, 30),
      }),
    )

  test('losses and gradients, with smoothing and ignored rows', () => {
    fc.assert(
      fc.property(cases, ({ logits, logSumExp, gradient, targets, labelSmoothing, scale }) => {
        const attrs = { labelSmoothing, ignoreIndex: -1 }
        const scaled = { shape: logits.shape, values: logits.values.map((value) => value * scale) }
        const program = (device: Device): readonly Tensor[] => {
          const [x, lse, incoming] = [scaled, logSumExp, gradient].map((input) => toTensor(device, input))
          const classes = device.tensor(Int32Array.from(targets))
          const backwardInputs = [toTensor(device, logits), classes, lse!, incoming!]
          return [
            ...device.apply(crossEntropyOp, [x!, classes], attrs),
            ...device.apply(crossEntropyBackwardOp, backwardInputs, attrs),
          ]
        }
        expect(compare(program, 1e-5)).toBeNull()
      }),
    )
  })
})

describe('adamW', () => {
  test('agrees on any shapes', () => {
    const parameter = shapes().chain((shape) =>
      fc.tuple(
        numbers(shape),
        numbers(shape),
        numbers(shape),
        numbers(shape).map(({ values }) => ({ shape, values: values.map((value) => value ** 2) })),
        fc.boolean(),
      ),
    )
    const scalars = [0.01, 0.9, 0.999, 1e-8, 0.1, 0.271, 0.002997]
    fc.assert(
      fc.property(fc.array(parameter, { minLength: 1, maxLength: 3 }), (list) => {
        const inputs = list.flatMap(([value, gradient, first, second]) => [value, gradient, first, second])
        const decays = list.map(([, , , , decay]) => decay)
        expect(compareOp(adamWOp, inputs, { decays }, scalars)).toBeNull()
      }),
    )
  })

  test.each(builds)('updates in place what is donated, and only that: build %s', (simd) => {
    const device = new Device(createCpuBackend({ simd }))
    const [parameter, gradient, firstMoment, secondMoment] = [
      [1, 2, 3],
      [0.5, -0.5, 1],
      [0, 0, 0],
      [0, 0, 0],
    ].map((values) => device.tensor(values))
    const handles = [parameter, firstMoment].map((tensor) => tensor!.handle)
    const [next] = adamW(
      [
        {
          parameter: donate(parameter!),
          gradient: gradient!,
          firstMoment: donate(firstMoment!),
          secondMoment: secondMoment!,
        },
      ],
      { learningRate: 0.1, step: 1, weightDecay: 0, epsilon: 0 },
    )
    expect([next!.parameter.handle, next!.firstMoment.handle]).toEqual(handles)
    expect(next!.secondMoment.handle).not.toBe(secondMoment!.handle)
    expect([...secondMoment!.readSync()]).toEqual([0, 0, 0])
    // The first step goes by the learning rate against the sign of the gradient.
    const wanted = [0.9, 2.1, 2.9]
    for (const [index, value] of next!.parameter.readSync().entries())
      expect(value).toBeCloseTo(wanted[index]!, 6)
  })
})
