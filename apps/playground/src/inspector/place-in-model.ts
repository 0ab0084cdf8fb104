import type { HeadPlace } from '@qkv/pipelines'
import type { ModelOutline } from './inspector.worker.ts'
import { blocksOf } from './picture/blocks.ts'
import { defaultInspector, type InspectorState } from './inspector-state.ts'

/** A state whose heads and blocks the model has, and the names of what had to be left out. */
export function placeInModel(
  state: InspectorState,
  { config }: ModelOutline,
): { readonly state: InspectorState; readonly refused: readonly string[] } {
  const exists = ({ site, layer, head }: HeadPlace): boolean =>
    layer < (site === 'encoder' ? config.encoderLayers : config.decoderLayers) && head < config.heads
  const head = exists(state.head)
  const off = state.off.every(exists)
  const block = blocksOf(config).some(({ name }) => name === state.block)
  return {
    state: {
      ...state,
      head: head ? state.head : defaultInspector.head,
      off: off ? state.off : state.off.filter(exists),
      block: block ? state.block : defaultInspector.block,
    },
    refused: [...(head ? [] : ['head']), ...(off ? [] : ['off']), ...(block ? [] : ['block'])],
  }
}
