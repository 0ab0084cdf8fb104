import { builtInParts, chainStages, slotStages } from '@qkv/attention'
import { feedForwards } from '@qkv/nn'
import { page, table } from './table.ts'

/** Every attention part with its stages, and every feed-forward network. */
export function partsPage(): string {
  const parts = [...builtInParts.values()].map((create) => {
    const part = create()
    const stages = [...chainStages, ...slotStages].filter((stage) => part[stage] !== undefined)
    const state = [...Object.keys(part.parameters ?? {}), ...Object.keys(part.buffers ?? {})]
    return [
      `\`${part.name}\``,
      stages.join(', '),
      state.join(', '),
      (part.sideInputs ?? []).join(', '),
      part.source,
    ]
  })
  const networks = feedForwards.map(({ name, source }) => [`\`${name}\``, source])
  return page(
    'Parts',
    'What a model config may name. Chain stages compose in order; a slot stage has one owner.',
    [
      '## Attention',
      table(['part', 'stages', 'parameters and buffers', 'side inputs', 'source'], parts),
      '## Feed-forward networks',
      table(['name', 'source'], networks),
    ].join('\n\n'),
  )
}
