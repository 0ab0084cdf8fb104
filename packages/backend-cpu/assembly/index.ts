export {
  exp,
  gelu,
  geluBackward,
  geluTanh,
  geluTanhBackward,
  relu,
  sigmoid,
  silu,
  siluBackward,
  tanh,
} from './activations'
export * from './adam-w'
export * from './attention'
export * from './binary'
export * from './choose'
export * from './cross-entropy'
export * from './norm'
export * from './norm-backward'
export { peak } from './peak'
export { multiply, multiplyScratchBytes } from './product/multiply'
export {
  multiplyColumns,
  multiplyMany,
  multiplyPanels,
  packPanels,
  panelScratchBytes,
} from './product/panels'
export * from './product/tile'
export * from './product/wide'
export * from './random'
export * from './reduce'
export { exponentiateRow, logSoftmax, scaleRow, softmax } from './softmax'
export {
  allFinished,
  awaitMore,
  close,
  controlAddress,
  failed,
  finish,
  finished,
  join,
  joined,
  publish,
  take,
  takeNext,
} from './team'

/** Where the constants of the module end. */
export function staticBytes(): usize {
  return __heap_base
}
