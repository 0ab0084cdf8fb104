import type { WasmExports } from '../generated/exports.ts'
import type { MatrixProduct, MultiplyFunction } from './multiply.ts'

/** In WebAssembly, with sums of float32. */
export function wasmProduct(exports: WasmExports): MatrixProduct {
  const run =
    (adds: boolean): MultiplyFunction =>
    (_heap, scratch, left, right, bias, target, rows, inner, columns) =>
      exports.multiply(
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
        adds,
        4 * target,
        4 * columns,
        8 * scratch,
      )
  return {
    scratchBytes: (rows, inner, columns) => exports.multiplyScratchBytes(rows, inner, columns),
    multiply: run(false),
    add: run(true),
  }
}
