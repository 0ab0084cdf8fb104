/**
 * Nanoseconds per element of the TypeScript kernels at 65,536 elements when they were all there was: one thread of a Xeon at about
 * 3.2 GHz, Node 20.20 (docs/decisions/0009-two-webassembly-builds-over-one-table.md). They are frozen: what later kernels gain must not
 * shrink when the TypeScript ones improve.
 */
export const typescriptFigures: Readonly<Record<string, number>> = {
  softmax: 7.9,
  layerNorm: 3.9,
  gelu: 5.1,
  adamW: 5.2,
}
