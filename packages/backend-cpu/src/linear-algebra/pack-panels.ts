/**
 * Copies a matrix of `vectors` vectors of length `inner` into panels of `tile` interleaved vectors, as doubles;
 * the last panel is filled up with zeros.
 */
export function packPanels(
  source: Float32Array,
  start: number,
  vectorStride: number,
  innerStride: number,
  vectors: number,
  inner: number,
  target: Float64Array,
  place: number,
  tile: number,
): void {
  for (let first = 0; first < vectors; first = (first + tile) | 0) {
    const width = Math.min(tile, vectors - first)
    for (let lane = 0; lane < tile; lane = (lane + 1) | 0) {
      let from = (start + Math.imul(first + lane, vectorStride)) | 0
      let to = (place + lane) | 0
      for (let step = 0; step < inner; step = (step + 1) | 0) {
        target[to] = lane < width ? source[from]! : 0
        from = (from + innerStride) | 0
        to = (to + tile) | 0
      }
    }
    place = (place + Math.imul(tile, inner)) | 0
  }
}
