import { conflictOf } from './errors.ts'
import type { AttentionPart, PartSizes, Stage, StageSize } from './part.ts'

/** Which stages meet a size, and what they count on. */
const meanings: Readonly<
  Record<
    StageSize,
    { readonly stages: readonly Stage[]; readonly words: string; readonly change: SizeChange }
  >
> = {
  scoreMaps: {
    stages: ['bias', 'mask', 'select', 'normalize', 'weights'],
    words: 'one map of scores per head',
    change: { heads: 8 },
  },
  keyColumns: {
    stages: ['score', 'bias', 'select', 'mix'],
    words: 'queries and keys of the head size',
    change: { headSize: 16 },
  },
}

type SizeChange = Readonly<Partial<PartSizes>>

/** Sizes that shapes of parameters are compared at. */
const probe: PartSizes = { width: 64, heads: 4, keyHeads: 4, headSize: 8, maximumLength: 32 }

/** Throws a `CompositionError` where a part counts on a size that another part makes a different one. */
export function rejectResized(parts: readonly AttentionPart[]): void {
  for (const [index, resizer] of parts.entries()) {
    for (const [size, reason] of Object.entries(resizer.resizes ?? {}) as [StageSize, string][]) {
      const other = parts.find(
        (part, place) => part !== resizer && meets(part, size, place > index) && countsOn(part, size),
      )
      if (!other) continue
      throw conflictOf(resizer, other, {
        reason: `${reason}, and '${other.name}' counts on ${meanings[size].words}`,
        expected: `parts that take any number of them beside '${resizer.name}'`,
      })
    }
  }
}

/** Whether a stage of the part gets tensors of the size; `queryKey` stages run in order, so that only later ones do. */
function meets(part: AttentionPart, size: StageSize, isLater: boolean): boolean {
  if (size === 'keyColumns' && isLater && part.queryKey !== undefined) return true
  return meanings[size].stages.some((stage) => part[stage] !== undefined)
}

function countsOn({ countsOn, parameters = {} }: AttentionPart, size: StageSize): boolean {
  if (countsOn) return countsOn.includes(size)
  const changed = { ...probe, ...meanings[size].change }
  return Object.values(parameters).some(
    ({ owner, shape }) => owner === 'attention' && String(shape(probe)) !== String(shape(changed)),
  )
}
