import type { WasmExports } from '../../generated/exports.ts'
import type { RowLoops } from './score-row.ts'

/** The loops over rows of scores in WebAssembly. */
export function wasmRowLoops(exports: WasmExports): RowLoops {
  return {
    score: (_heap, row, width, first, end, scale, softcap, bias, biasStride, _bytes, keep) =>
      exports.scoreRow(
        4 * row,
        width,
        first,
        end,
        scale,
        softcap,
        bias < 0 ? 0 : 4 * bias,
        4 * biasStride,
        keep < 0 ? 0 : keep,
      ),
    exponentiate: (_heap, row, width, shift) => exports.exponentiateRow(4 * row, 4 * row, width, shift),
    scale: (_heap, row, width, factor) => exports.scaleRow(4 * row, width, factor),
    drop: (_heap, row, width, factor, _int32, words, bound) =>
      exports.dropBelow(4 * row, 4 * row, 4 * words, width, bound, factor),
    weightGradients: (_heap, row, gradients, width, delta) =>
      exports.weightGradients(4 * row, 4 * gradients, width, delta),
  }
}
