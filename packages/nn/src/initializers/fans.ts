import { formatShape, ShapeError, sizeOf } from '@qkv/tensor'

/** How many values flow into and out of one unit of a weight. */
export interface Fans {
  readonly input: number
  readonly output: number
}

/** The fans of a weight `[outputSize, inputSize, ...kernel]`; throws a `ShapeError` below two axes. */
export function fansOf(initializer: string, shape: readonly number[]): Fans {
  const [outputSize, inputSize, ...kernel] = shape
  if (outputSize === undefined || inputSize === undefined) {
    throw new ShapeError({
      operation: initializer,
      argument: 'shape',
      got: `is ${formatShape(shape)}`,
      expected: 'a weight [outputSize, inputSize, ...kernel]',
      fix: 'Biases and other vectors have no fans: use `zeros` or `uniform` for them.',
    })
  }
  const area = sizeOf(kernel)
  return { input: inputSize * area, output: outputSize * area }
}
