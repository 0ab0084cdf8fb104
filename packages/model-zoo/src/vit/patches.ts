import { reshape, ShapeError, type Tensor, transpose } from '@qkv/tensor'

/**
 * Cuts images `[batch, channels, height, width]` into squares, row by row: `[batch, patches, channels * size * size]`.
 * A linear map of these is a convolution whose stride is its kernel's size. Throws a `ShapeError` when `size` does not
 * divide height and width.
 *
 * @example
 * const patches = cutPatches(images, 16) // [batch, 196, 768] from [batch, 3, 224, 224]
 */
export function cutPatches(images: Tensor, size: number): Tensor {
  const [batch, channels, height, width] = images.shape as [number, number, number, number]
  if (images.rank !== 4 || height % size !== 0 || width % size !== 0) {
    throw new ShapeError({
      operation: 'cutPatches',
      argument: 'images',
      got: `has shape [${images.shape.join(', ')}]`,
      expected: `[batch, channels, height, width], with height and width multiples of ${size}`,
      fix: 'Resize or pad the images, or cut patches of another size.',
    })
  }
  const [rows, columns] = [height / size, width / size]
  return images.device.scoped(() => {
    const split = reshape(images, [batch, channels, rows, size, columns, size])
    const grouped = transpose(split, { order: [0, 2, 4, 1, 3, 5] })
    return reshape(grouped, [batch, rows * columns, channels * size * size])
  })
}
