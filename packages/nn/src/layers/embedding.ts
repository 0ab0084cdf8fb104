import {
  ArgumentError,
  embedding,
  equal,
  formatShape,
  iota,
  mul,
  sameShape,
  type Tensor,
  where,
} from '@qkv/tensor'
import { checkInitialization, checkSizes, type Initialization } from '../initialization.ts'
import type { Initializer } from '../initializers/initializer.ts'
import { normal } from '../initializers/normal.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'
import type { Tied } from '../module/tied.ts'

export interface EmbeddingOptions {
  readonly vocabularySize: number
  readonly width: number
  /** Multiplies what is looked up by the square root of the width. */
  readonly scale?: 'sqrt-width'
  /** A row that starts as zeros and is not trained. */
  readonly paddingIndex?: number
  /** Normal with standard deviation 1 unless said. */
  readonly initializer?: Initializer
  /** The table of another layer, `[vocabularySize, width]`, in place of one of its own. */
  readonly table?: Tied
}

/**
 * A trained vector per id: the rows of a table `[vocabularySize, width]`.
 *
 * Source: the scale is that of Vaswani et al. 2017, Attention Is All You Need, section 3.4.
 *
 * @example
 * const tokens = device.tensor(new Int32Array([5, 0, 7]), { shape: [1, 3] })
 * const layer = new Embedding(initialization, { vocabularySize: 8000, width: 512, scale: 'sqrt-width' })
 * const hidden = layer.forward(tokens) // [1, 3, 512]
 */
export class Embedding extends Module {
  readonly table: Parameter | Tied
  readonly paddingIndex: number | undefined
  readonly #factor: number

  constructor(initialization: Initialization, options: EmbeddingOptions) {
    super()
    checkInitialization('Embedding', initialization)
    checkSizes('Embedding', options, ['vocabularySize', 'width'])
    const { vocabularySize, width, scale, paddingIndex, table } = options
    const shape = [vocabularySize, width]
    if (paddingIndex !== undefined) checkPaddingIndex(paddingIndex, vocabularySize)
    if (table) checkTiedTable(table, shape)
    const initializer = options.initializer ?? normal({ standardDeviation: 1 })
    this.table =
      table ??
      new Parameter(initialization, {
        shape,
        initializer: paddingIndex === undefined ? initializer : withZeroRow(initializer, paddingIndex),
      })
    this.paddingIndex = paddingIndex
    this.#factor = scale === 'sqrt-width' ? Math.sqrt(width) : 1
  }

  /** Looks int32 `ids` of any shape up: `[..., width]`. */
  forward(ids: Tensor): Tensor {
    const { paddingIndex = null } = this
    return ids.device.scoped(() => {
      const rows = embedding(ids, this.table.value, { paddingIndex })
      return this.#factor === 1 ? rows : mul(rows, this.#factor)
    })
  }
}

function withZeroRow(initializer: Initializer, row: number): Initializer {
  return (initialization, shape) => {
    const rows = iota(initialization.device, [shape[0]!, 1], { axis: 0 })
    return where(equal(rows, row), 0, initializer(initialization, shape))
  }
}

function checkPaddingIndex(index: number, vocabularySize: number): void {
  if (Number.isInteger(index) && index >= 0 && index < vocabularySize) return
  throw new ArgumentError({
    operation: 'Embedding',
    argument: 'paddingIndex',
    got: `is ${index}`,
    expected: `an id from 0 to ${vocabularySize - 1}`,
    fix: 'Give the id of the padding token, or leave it out.',
  })
}

function checkTiedTable(table: Tied, shape: readonly number[]): void {
  if (sameShape(table.shape, shape)) return
  throw new ArgumentError({
    operation: 'Embedding',
    argument: 'table',
    got: `is tied to a parameter of shape ${formatShape(table.shape)}`,
    expected: `[vocabularySize, width], which is ${formatShape(shape)}`,
    fix: 'Give the sizes of the table that is shared.',
  })
}
