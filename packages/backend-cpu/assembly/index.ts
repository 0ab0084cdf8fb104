export * from './adam-w'
export * from './argmax'
export { attentionBackward } from './attention/backward'
export { roundDoubles } from './attention/bias-gradient'
export { attentionOfFew } from './attention/few-queries'
export { attentionForward } from './attention/forward'
export * from './binary'
export * from './cast'
export * from './choose'
export * from './compare'
export * from './copy'
export * from './create'
export * from './cross-entropy'
export * from './gather'
export * from './lines'
export * from './map'
export * from './map-scalar'
export * from './map-slopes'
export * from './norm'
export * from './norm-backward'
export { peak } from './peak'
export { multiplyScratchBytes } from './product/multiply'
export {
  multiplyColumns,
  multiplyMany,
  multiplyPanels,
  packPanels,
  panelScratchBytes,
} from './product/panels'
export { multiplyRow, packRowPanels, rowScratchBytes } from './product/row-panels'
export { quantizedRowBytes, quantizeLeftRows } from './product/quantize-rows'
export { packQuantized, quantizedPanelBytes } from './product/quantized-panels'
export * from './product/quantized'
export * from './product/tile'
export * from './product/wide'
export { dropout, uniform } from './random'
export * from './reduce'
export { logSoftmax, softmax } from './softmax'
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
export * from './top-k'

/** Where the constants of the module end. */
export function staticBytes(): usize {
  return __heap_base
}
