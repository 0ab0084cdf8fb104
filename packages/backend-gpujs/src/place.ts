import type { Layout } from '@qkv/tensor'

interface Axis {
  readonly length: number
  readonly stride: number
}

/**
 * Where an element lies, as an expression of its number in row-major order: `quotient` and `remainder` keep it a whole number,
 * which a variable in between would not be.
 *
 * @example
 * placeOf('this.thread.x', [2, 3], { strides: [1, 2], offset: 0 })
 * // 'quotient(this.thread.x, 3) + remainder(this.thread.x, 3) * 2'
 */
export function placeOf(flat: string, shape: readonly number[], { strides, offset }: Layout): string {
  const axes = mergeAxes(shape, strides)
  const terms: string[] = []
  let inner = 1
  for (let index = axes.length - 1; index >= 0; index--) {
    const { length, stride } = axes[index]!
    if (stride !== 0) {
      const high = inner === 1 ? flat : `quotient(${flat}, ${inner})`
      const digit = index === 0 ? high : `remainder(${high}, ${length})`
      terms.unshift(stride === 1 ? digit : `${digit} * ${stride}`)
    }
    inner *= length
  }
  if (offset !== 0) terms.push(String(offset))
  return terms.length === 0 ? '0' : terms.join(' + ')
}

/** Leaves axes of one element out, and joins those that follow each other in memory. */
function mergeAxes(shape: readonly number[], strides: readonly number[]): readonly Axis[] {
  const axes: Axis[] = []
  for (const [index, length] of shape.entries()) {
    const stride = strides[index]!
    if (length === 1) continue
    const last = axes.at(-1)
    if (last && last.stride === stride * length)
      axes[axes.length - 1] = { length: last.length * length, stride }
    else axes.push({ length, stride })
  }
  return axes
}
