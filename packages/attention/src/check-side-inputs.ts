import type { Tensor } from '@qkv/tensor'
import type { Composition } from './compose.ts'
import { CompositionError } from './errors.ts'
import { type AttentionPart, chainStages, type PartOwner, slotStages } from './part.ts'

/** Throws a `CompositionError` for parts that cannot work where queries and keys come from two inputs. */
export function rejectSelfOnly({ parts }: Composition): void {
  const part = parts.find(({ selfOnly }) => selfOnly !== undefined)
  if (!part) return
  throw new CompositionError({
    operation: part.name,
    argument: 'keyInput',
    got: 'is not the query input',
    expected: `self-attention: ${part.selfOnly}`,
    fix: 'Choose another part for cross-attention.',
  })
}

/**
 * Throws a `CompositionError` when a side input that a part asks for there is missing, or one is given that no part reads.
 * Embeddings need those of parts with an `embed` stage, an attention those of parts with any other stage.
 */
export function checkSideInputs(
  composition: Composition,
  side: Readonly<Record<string, Tensor | 'none'>>,
  reader: PartOwner = 'attention',
): void {
  for (const part of composition.parts.filter((part) => takesPartIn(part, reader))) {
    for (const name of part.sideInputs ?? []) {
      if (side[name] !== undefined) continue
      throw new CompositionError({
        operation: part.name,
        argument: `side.${name}`,
        got: 'is missing',
        expected: "a tensor, or 'none' to say that there is none",
        fix: `Pass \`side: { ${name}: ... }\` in the call.`,
      })
    }
  }
  const read = composition.parts.flatMap((part) => part.sideInputs ?? [])
  const unread = Object.keys(side).find((name) => side[name] !== 'none' && !read.includes(name))
  if (unread === undefined) return
  throw new CompositionError({
    operation: composition.name,
    argument: `side.${unread}`,
    got: 'is not read by any part',
    expected: read.length > 0 ? `side inputs that the parts read (${read.join(', ')})` : 'no side inputs',
    fix: `Add the part that reads it, such as '${unread}', or leave it out.`,
  })
}

function takesPartIn(part: AttentionPart, reader: PartOwner): boolean {
  if (reader === 'embedding') return part.embed !== undefined
  const stages = [...chainStages, ...slotStages].filter((stage) => part[stage] !== undefined)
  return stages.length !== 1 || stages[0] !== 'embed'
}
