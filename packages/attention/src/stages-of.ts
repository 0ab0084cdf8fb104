import type { AttentionPart, Stage } from './part.ts'

/** All stages, in the order in which they run. */
export const stageOrder: readonly Stage[] = [
  'embed',
  'project',
  'queryKey',
  'expand',
  'mix',
  'score',
  'bias',
  'mask',
  'select',
  'normalize',
  'weights',
  'aggregate',
  'output',
]

/** The stages that a part works at, in the order in which they run, also where it only chooses what happens there. */
export function stagesOf(part: AttentionPart): readonly Stage[] {
  const chosen: readonly (Stage | undefined)[] = [
    part.keyHeads === undefined ? undefined : 'project',
    part.positional === true && !hasStage(part) ? 'embed' : undefined,
  ]
  return stageOrder.filter((stage) => part[stage] !== undefined || chosen.includes(stage))
}

function hasStage(part: AttentionPart): boolean {
  return stageOrder.some((stage) => part[stage] !== undefined)
}
