import { createReferenceBackend, Device } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fourier, realOfInverse } from './fourier.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const close = { absolute: 1e-9, relative: 1e-9 }
const [batch, width] = [2, 3]

const numbers = (length: number, seed: number): number[] =>
  Array.from({ length: batch * length * width }, (_, index) => Math.sin(index * index * seed + 1))

/** The definition, number by number: real parts, then imaginary ones. */
function byDefinition(length: number, real: readonly number[], imaginary?: readonly number[]): number[][] {
  const parts: number[][] = [[], []]
  const turns = Array.from({ length }, (_, index) => (-2 * Math.PI * index) / length)
  const [cosines, sines] = [turns.map(Math.cos), turns.map(Math.sin)]
  for (let entry = 0; entry < batch; entry++) {
    for (let frequency = 0; frequency < length; frequency++) {
      for (let column = 0; column < width; column++) {
        let [re, im] = [0, 0]
        for (let time = 0; time < length; time++) {
          const [cosine, sine] = [cosines[(time * frequency) % length]!, sines[(time * frequency) % length]!]
          const place = (entry * length + time) * width + column
          re += real[place]! * cosine - (imaginary?.[place] ?? 0) * sine
          im += real[place]! * sine + (imaginary?.[place] ?? 0) * cosine
        }
        parts[0]!.push(re)
        parts[1]!.push(im)
      }
    }
  }
  return parts
}

// Small, at the bound of a table, prime beyond it, two large primes, and products of two and of three steps.
test.each([0, 1, 2, 7, 64, 65, 67, 128, 134, 300, 67 * 67, 4096 + 512])(
  'of %i positions agrees with its definition',
  (length) => {
    const shape = [batch, length, width]
    const [real, imaginary] = [numbers(length, 0.7), numbers(length, 1.3)]
    for (const second of length > 1000 ? [imaginary] : [undefined, imaginary]) {
      const { real: re, imaginary: im } = fourier({
        real: device.tensor(real, { shape }),
        ...(second && { imaginary: device.tensor(second, { shape }) }),
      })
      const [wantedReal, wantedImaginary] = byDefinition(length, real, second)
      expect(mismatch(re.readSync(), wantedReal!, close)).toBeNull()
      expect(mismatch(im.readSync(), wantedImaginary!, close)).toBeNull()
    }
  },
)

test('the inverse gives back what was transformed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 700 }), (length) => {
      const real = numbers(length, 0.9)
      const spectrum = fourier({ real: device.tensor(real, { shape: [batch, length, width] }) })
      expect(mismatch(realOfInverse(spectrum).readSync(), real, close)).toBeNull()
    }),
    { numRuns: 40 },
  )
})
