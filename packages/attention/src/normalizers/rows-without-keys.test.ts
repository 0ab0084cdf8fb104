import { createReferenceBackend, Device, sum, type Tensor, valueAndGrad } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { scoreInputs } from '../testing/score-inputs.test-helper.ts'
import { attendProjections, builtInParts, compose, scaledDot } from '../index.ts'

const normalizers = [...builtInParts.entries()].filter(([, create]) => create().normalize !== undefined)

test.each(normalizers)('%s gives zeros, and finite gradients, where a query has no key', (name, create) => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const part = create()
  const projected = scoreInputs([
    [1, -1, 2],
    [3, 0.5, -900],
    [0.25, 800, 0.75],
  ])(device)
  const sizes = { width: 3, heads: 1, keyHeads: 1, headSize: 3, maximumLength: 3 }
  const parameters = Object.fromEntries(
    Object.entries(part.parameters ?? {}).map(([parameter, { shape }]) => {
      const count = shape(sizes).reduce((product, length) => product * length, 1)
      return [parameter, device.tensor(new Array<number>(count).fill(0.5), { shape: shape(sizes) })]
    }),
  )
  const keep = device.tensor([
    [false, false, false],
    [true, false, true],
    [true, true, true],
  ])
  let output: ArrayLike<number> = []
  const attend = (): Tensor => {
    const mixed = attendProjections(compose([scaledDot(), part]), projected, {
      mask: { kind: 'tensor', keep },
      parameters: { [name]: parameters },
      tap: (_, tensor) => tensor,
    })
    output = mixed.readSync()
    return sum(mixed)
  }
  const inputs = [projected.query, projected.key, ...Object.values(parameters)]
  const gradients = valueAndGrad(attend, inputs).gradients.map((gradient) => [...gradient.readSync()])
  expect(Array.from(output).slice(0, 3)).toEqual([0, 0, 0])
  expect(output[4]).toBe(0)
  expect([...Array.from(output), ...gradients.flat()].every(Number.isFinite)).toBe(true)
})
