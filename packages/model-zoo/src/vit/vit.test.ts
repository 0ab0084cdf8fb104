import { createReferenceBackend, Device, RandomStream, type Tensor } from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import { cutPatches, Vit, vitBase, type VitConfig } from '../index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))

function images(batch: number, channels: number, height: number, width: number): Tensor {
  const values = Array.from({ length: batch * channels * height * width }, (_, index) => Math.sin(index + 1))
  return device.tensor(values, { shape: [batch, channels, height, width] })
}

describe('patches', () => {
  test('are squares of all channels, row by row', () => {
    const [batch, channels, height, width, size] = [2, 3, 4, 6, 2]
    const input = images(batch, channels, height, width)
    const values = input.readSync()
    const wanted: number[] = []
    for (let image = 0; image < batch; image++) {
      for (let top = 0; top < height; top += size) {
        for (let left = 0; left < width; left += size) {
          for (let channel = 0; channel < channels; channel++) {
            for (let y = top; y < top + size; y++) {
              for (let x = left; x < left + size; x++) {
                wanted.push(values[((image * channels + channel) * height + y) * width + x]!)
              }
            }
          }
        }
      }
    }
    const patches = cutPatches(input, size)
    expect(patches.shape).toEqual([2, 6, 12])
    expect([...patches.readSync()]).toEqual(wanted)
  })

  test('must fit', () => {
    expect(() => cutPatches(images(1, 3, 5, 4), 2)).toThrow(
      "cutPatches: 'images' has shape [1, 3, 5, 4], expected [batch, channels, height, width], " +
        'with height and width multiples of 2. Resize or pad the images, or cut patches of another size.',
    )
  })
})

const small: VitConfig = {
  ...vitBase(),
  imageSize: [4, 6],
  patchSize: 2,
  width: 8,
  heads: 2,
  layers: 2,
  innerWidth: 16,
  classes: 5,
}

test.each([[['scaled-dot', 'learned']], [['scaled-dot', 'sinusoidal']]])(
  'with positions %j the order of patches matters, and nothing is left behind',
  (attention) => {
    const model = new Vit({ device, random: new RandomStream(1) }, { ...small, attention })
    const input = images(2, 3, 4, 6)
    const before = device.memory().liveBuffers
    const logits = model.forward(input)
    expect(logits.shape).toEqual([2, 5])
    const values = input.readSync()
    // The upper and the lower half of each channel change places: the same patches in another order.
    const swapped = values.map((_, index) => values[index - (index % 24) + ((index + 12) % 24)]!)
    const other = model.forward(device.tensor(swapped, { shape: input.shape }))
    expect([...other.readSync()]).not.toEqual([...logits.readSync()])
    other.dispose()
    logits.dispose()
    expect(device.memory().liveBuffers).toBe(before + 1)
  },
)

test('without positions the order of patches does not matter', () => {
  const model = new Vit({ device, random: new RandomStream(1) }, { ...small, attention: ['scaled-dot'] })
  const input = images(1, 3, 4, 6)
  const values = input.readSync()
  const swapped = values.map((_, index) => values[index - (index % 24) + ((index + 12) % 24)]!)
  const [logits, other] = [input, device.tensor(swapped, { shape: input.shape })].map((each) =>
    Array.from(model.forward(each).readSync(), (value) => Number(value.toFixed(10))),
  )
  expect(other).toEqual(logits)
})

test('patches must divide the image', () => {
  expect(() => new Vit({ device, random: new RandomStream(1) }, { ...small, patchSize: 4 })).toThrow(
    "Vit: 'patchSize' is 4, expected a number that divides the image size 4 x 6. Change one of the two.",
  )
})
