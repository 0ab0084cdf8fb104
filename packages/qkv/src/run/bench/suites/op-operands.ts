import { add, type Device, mul, randomUniform, type Tensor } from '@qkv/tensor'

const width = 256
const count = 256
const vocabularySize = 1000
const classes = 1024

/** What operations are measured on; it lives as long as the device. */
export interface Operands {
  /** `[256, 256]`: 65,536 elements. */
  readonly rows: Tensor
  readonly other: Tensor
  /** `[256, 1]`, positive. */
  readonly statistic: Tensor
  /** `[256]` */
  readonly weight: Tensor
  readonly bias: Tensor
  /** `[64, 1024]`, and a class for each row. */
  readonly logits: Tensor
  readonly targets: Tensor
  /** `[1000, 256]`, and 256 ids of rows in it. */
  readonly table: Tensor
  readonly ids: Tensor
  /** `[batch, heads, length, headSize]` is `[2, 8, 128, 32]`. */
  readonly heads: { readonly query: Tensor; readonly key: Tensor; readonly value: Tensor }
}

export function createOperands(device: Device): Operands {
  let seed = 0
  const random = (shape: readonly number[], low = -2, high = 2): Tensor => {
    seed += 1
    const uniform = (): Tensor => randomUniform(device, shape, { key: [seed, 0] })
    return device.scoped(() => device.retain(add(mul(uniform(), high - low), low)))
  }
  const integers = (size: number, below: number): Tensor =>
    device.retain(device.tensor(Int32Array.from({ length: size }, (_, index) => (index * 7919) % below)))
  const square = [count, width]
  const heads = [2, 8, 128, 32]
  return {
    rows: random(square),
    other: random(square),
    statistic: random([count, 1], 0.5, 2),
    weight: random([width]),
    bias: random([width]),
    logits: random([64, classes]),
    targets: integers(64, classes),
    table: random([vocabularySize, width]),
    ids: integers(count, vocabularySize),
    heads: { query: random(heads), key: random(heads), value: random(heads) },
  }
}
