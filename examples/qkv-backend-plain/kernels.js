/**
 * Kernels by the name of their operation. Each reads dense inputs and fills the zeroed outputs; shapes and types were checked before.
 *
 * @type {Readonly<Record<string, (context: import('@qkv/tensor').ReferenceContext<any>) => void>>}
 */
export const kernels = {
  // A primitive: quicker than its definition, since it walks along rows of `b`.
  'qkv/matmul'({ inputs: [a, b], outputs: [out] }) {
    const [rows, inner] = a.shape.slice(-2)
    const columns = b.shape.at(-1)
    for (let row = 0; row < out.data.length / (columns || 1); row++) {
      const product = Math.floor(row / rows)
      for (let step = 0; step < inner; step++) {
        const factor = a.data[row * inner + step]
        const start = (product * inner + step) * columns
        for (let column = 0; column < columns; column++) {
          out.data[row * columns + column] += factor * b.data[start + column]
        }
      }
    }
  },
  // A composite: one loop in place of the operations that it is made of.
  'qkv/relu'({ inputs: [x], outputs: [out] }) {
    for (let index = 0; index < out.data.length; index++) out.data[index] = Math.max(0, x.data[index])
  },
}
