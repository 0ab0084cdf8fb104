import type { Arena } from '../memory/arena.ts'
import type { Wasm } from '../wasm/wasm.ts'
import type { MatrixView } from './multiply.ts'

/** A product of matrices of any strides into a dense one; places are indices of elements. */
export interface Product {
  readonly rows: number
  readonly inner: number
  readonly columns: number
  readonly left: MatrixView
  readonly right: MatrixView
  /** Of `[columns]`, or -1. */
  readonly bias: number
  readonly activation?: Activation
  readonly target: number
}

/** Applied to the result while that is still in the cache. */
export type Activation = keyof typeof activationNumbers

/** The numbers of `assembly/product/epilogue.ts`. */
const activationNumbers = { none: 0, relu: 1, gelu: 2, 'gelu-tanh': 3, silu: 4 } as const

/** Up to this many rows, the right matrix is read where it lies: making panels of it costs more than it saves. */
export const fewRows = 8
/** Rows and columns of a unit: panels of so many columns stay in the second cache, and the last unit is not long to wait for. */
const rowBlock = 60
const columnBlock = 256
/** Few rows wait for the memory: so many columns are worth sharing, and a number of the matrix costs as much as with so many rows. */
const fewRowsColumnBlock = 64
const fewRowsCost = 4
/** Multiplications and additions that take some ten microseconds. */
const leastOperations = 500_000

/** Products whose work a team shares. */
export interface TeamProduct {
  /** Multiplies, in the way that its shape and strides suggest. */
  multiply(arena: Arena, product: Product): void
  /** Multiplies with panels of the right matrix, which lie at an address, or are made for this product alone. */
  multiplyPanels(arena: Arena, product: Product, panels: number | undefined): void
  /** Writes the panels of the right matrix to an address. */
  pack(product: Product, address: number): void
  /** Multiplies a single row of elements next to each other with panels that lie at an address. */
  multiplyRow(arena: Arena, product: Product, panels: number): void
  /** Writes such panels to an address; the elements of the right matrix's columns must lie next to each other. */
  packForRow(product: Product, address: number): void
}

/** Columns of a panel, for many rows and for one. */
export const panelColumns = 8
export const rowPanelColumns = 32

/** Bytes that panels of a matrix `[inner, columns]` take. */
export function panelBytes(inner: number, columns: number, width: number): number {
  return 4 * width * inner * Math.ceil(columns / width)
}

/** Whether a product takes panels of its right matrix; depends on nothing but its shape and strides. */
function takesPanels({ rows, columns, left, right }: Product): boolean {
  return rows > fewRows && (columns > 2 || left.columnStride !== 1 || right.rowStride !== 1)
}

/** Units that are at least worth a piece of work, when one takes so many multiplications and additions. */
export function leastUnits(operations: number): number {
  return Math.max(1, Math.ceil(leastOperations / Math.max(operations, 1)))
}

export function teamProduct({ exports, team }: Wasm): TeamProduct {
  function pack({ inner, columns, right }: Product, address: number): void {
    team.split(
      exports.packPanels,
      Math.ceil(columns / panelColumns),
      leastUnits(32 * inner),
      inner,
      columns,
      4 * right.start,
      4 * right.rowStride,
      4 * right.columnStride,
      address,
    )
  }

  function multiplyFewRows(arena: Arena, product: Product): void {
    const { rows, inner, columns, left, right, bias, activation = 'none', target } = product
    const scratchBytes = exports.multiplyScratchBytes(rows, inner, columns)
    const scratch = arena.scratch(scratchBytes * team.size)
    // Products that have more rows lack the columns to split.
    const least = rows > fewRows ? Infinity : leastUnits(128 * rows * inner)
    team.split(
      exports.multiplyColumns,
      Math.ceil(columns / 64),
      least,
      rows,
      inner,
      columns,
      4 * left.start,
      4 * left.rowStride,
      4 * left.columnStride,
      4 * right.start,
      4 * right.rowStride,
      4 * right.columnStride,
      bias < 0 ? 0 : 4 * bias,
      activationNumbers[activation],
      4 * target,
      4 * columns,
      scratch,
      scratchBytes,
    )
  }

  function multiplyPanels(arena: Arena, product: Product, panels: number | undefined): void {
    const { rows, inner, columns, left, bias, activation = 'none', target } = product
    const scratchBytes = exports.panelScratchBytes(Math.min(rows, rowBlock))
    const ownBytes = panels === undefined ? panelBytes(inner, columns, panelColumns) : 0
    const scratch = arena.scratch(scratchBytes * team.size + ownBytes)
    const packed = panels ?? scratch + scratchBytes * team.size
    if (panels === undefined) pack(product, packed)
    const unitRows = Math.min(rows, rowBlock)
    const unitColumns = rows > fewRows ? columnBlock : fewRowsColumnBlock
    team.split(
      exports.multiplyPanels,
      Math.ceil(rows / rowBlock) * Math.ceil(columns / unitColumns),
      leastUnits(2 * Math.max(unitRows, fewRowsCost) * inner * Math.min(columns, unitColumns)),
      rows,
      inner,
      columns,
      4 * left.start,
      4 * left.rowStride,
      4 * left.columnStride,
      packed,
      bias < 0 ? 0 : 4 * bias,
      activationNumbers[activation],
      4 * target,
      4 * columns,
      rowBlock,
      unitColumns,
      scratch,
      scratchBytes,
    )
  }

  function packForRow({ inner, columns, right }: Product, address: number): void {
    team.split(
      exports.packRowPanels,
      Math.ceil(columns / rowPanelColumns),
      leastUnits(128 * inner),
      inner,
      columns,
      4 * right.start,
      4 * right.columnStride,
      address,
    )
  }

  function multiplyRow(arena: Arena, product: Product, panels: number): void {
    const { inner, columns, left, bias, activation = 'none', target } = product
    team.split(
      exports.multiplyRow,
      Math.ceil(columns / rowPanelColumns),
      leastUnits(2 * fewRowsCost * rowPanelColumns * inner),
      inner,
      columns,
      4 * left.start,
      panels,
      bias < 0 ? 0 : 4 * bias,
      activationNumbers[activation],
      4 * target,
      arena.scratch(exports.rowScratchBytes() * team.size),
    )
  }

  return {
    pack,
    packForRow,
    multiplyRow,
    multiplyPanels,
    multiply(arena, product) {
      if (takesPanels(product)) multiplyPanels(arena, product, undefined)
      else multiplyFewRows(arena, product)
    },
  }
}
