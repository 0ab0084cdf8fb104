import {
  type AttentionMask,
  type AttentionOptions,
  copy,
  cumsum,
  type Device as AnyDevice,
  Device,
  gather,
  max,
  mean,
  mul,
  scatterAdd,
  softmax,
  sum,
  type Tensor,
  topK,
} from '@qkv/tensor'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { createWebGpuBackend } from '../src/index.ts'
import { shapes, views, viewOf, waves } from '../src/testing/arbitraries.ts'
import { compareWithReference } from '@qkv/tensor/conformance'
import { masks, maskTensors, sizes } from '../src/testing/attention-arbitraries.ts'
import { outputsAndGradients } from '../src/testing/attention-program.ts'

const device = new Device(await createWebGpuBackend())
afterAll(() => device.dispose())

describe('programs of random shapes agree with the reference', () => {
  test('copies and elementwise operations on any view', async () => {
    await fc.assert(
      fc.asyncProperty(shapes(), views, views, async (shape, one, other) => {
        const program = (device: AnyDevice): readonly Tensor[] => {
          const [a, b] = [viewOf(device, shape, 1.7, one), viewOf(device, shape, 2.3, other)]
          return [copy(a), mul(a, b)]
        }
        expect(await compareWithReference(device, program)).toBeNull()
      }),
      { numRuns: 60 },
    )
  })

  test('reductions over any axes', async () => {
    const cases = shapes(9).chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        axis: fc.subarray(shape.map((_, axis) => axis)),
        view: views,
      }),
    )
    await fc.assert(
      fc.asyncProperty(cases, async ({ shape, axis, view }) => {
        const program = (device: AnyDevice): readonly Tensor[] => {
          const x = viewOf(device, shape, 1.3, view)
          const some = axis.every((index) => shape[index]! > 0)
          return [copy(sum(x, { axis })), ...(some ? [copy(max(x, { axis })), copy(mean(x, { axis }))] : [])]
        }
        expect(await compareWithReference(device, program)).toBeNull()
      }),
      { numRuns: 60 },
    )
  })

  test('long reductions in pieces', async () => {
    const program = (device: AnyDevice): readonly Tensor[] => {
      const x = waves(device, [37, 3001], 0.37)
      return [sum(x), sum(x, { axis: 0 }), sum(x, { axis: 1 }), max(x, { axis: 0 }), mean(x)]
    }
    expect(await compareWithReference(device, program, 1e-4)).toBeNull()
  })

  test('gathers, and their gradients by sorted indices', async () => {
    for (const count of [1, 7, 5000]) {
      const program = (device: AnyDevice): readonly Tensor[] => {
        const indices = device.tensor(Int32Array.from({ length: count }, (_, index) => (index * index) % 11))
        const updates = waves(device, [count, 3], 0.9)
        return [gather(waves(device, [11, 3], 0.4), indices), scatterAdd(updates, indices, { length: 11 })]
      }
      expect(await compareWithReference(device, program, 1e-3)).toBeNull()
    }
  })

  test('orders and running totals along long lines', async () => {
    const program = (device: AnyDevice): readonly Tensor[] => {
      const x = waves(device, [2, 5000], 0.11)
      const { values, indices } = topK(x, { k: 9 })
      return [values, indices, cumsum(x), softmax(x)]
    }
    expect(await compareWithReference(device, program, 2e-3)).toBeNull()
  })
})

describe('attention and its gradients agree with the reference', () => {
  test('under any mask', async () => {
    await fc.assert(
      fc.asyncProperty(
        sizes,
        masks,
        fc.nat({ max: 8 }),
        fc.boolean(),
        async (size, mask, queryStart, shortened) => {
          const options = (device: AnyDevice): AttentionOptions => ({
            mask,
            masks: maskTensors(device, size),
            queryStart,
            ...(shortened && {
              keyLengths: device.tensor(Int32Array.from({ length: size.batch }, (_, entry) => entry * 3)),
            }),
          })
          expect(
            await compareWithReference(device, (device) => outputsAndGradients(device, size, options)),
          ).toBeNull()
        },
      ),
      { numRuns: 25 },
    )
  })

  test('with bias, sinks, soft cap and dropout', async () => {
    const settings = fc.record({
      biasShape: fc.constantFrom('none', 'full', 'heads', 'keys'),
      sinks: fc.boolean(),
      softcap: fc.option(fc.constant(1.5), { nil: undefined }),
      dropped: fc.boolean(),
      mask: fc.constantFrom<AttentionMask>({ kind: 'all' }, { kind: 'causal' }),
    })
    await fc.assert(
      fc.asyncProperty(sizes, settings, async (size, { biasShape, sinks, softcap, dropped, mask }) => {
        const heads = size.keyHeads * size.group
        const biasShapes: Readonly<Record<string, readonly number[]>> = {
          full: [size.batch, heads, size.queries, size.keys],
          heads: [heads, 1, size.keys],
          keys: [size.keys],
        }
        const options = (device: AnyDevice): AttentionOptions => ({
          mask,
          ...(biasShapes[biasShape] && { bias: waves(device, biasShapes[biasShape], 0.37) }),
          ...(sinks && { sinks: waves(device, [heads], 0.71) }),
          ...(softcap && { softcap }),
          ...(dropped && { dropout: { rate: 0.3, key: [11, 12] as const } }),
        })
        expect(
          await compareWithReference(device, (device) => outputsAndGradients(device, size, options)),
        ).toBeNull()
      }),
      { numRuns: 25 },
    )
  })
})
