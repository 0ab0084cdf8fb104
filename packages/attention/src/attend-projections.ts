import { ArgumentError, type Device, type RandomStream, type Tensor } from '@qkv/tensor'
import { attendByStages, attendFused } from './attend.ts'
import { checkSideInputs } from './check-side-inputs.ts'
import type { Composition } from './compose.ts'
import type { Tap } from './context.ts'
import { contextsOf, readerOf } from './contexts.ts'
import { joinHeads } from './heads.ts'
import type { Mask } from './masks/mask.ts'
import { applyQueryKey, expandStored } from './projected.ts'
import type { AttentionPart, PartSizes, Projected } from './part.ts'

/** What comes with projections besides themselves. */
export interface ProjectionsCall {
  /** What the call masks out besides the parts; `noMask` when nothing. */
  readonly mask: Mask
  /** The side inputs that the parts ask for; none unless said. */
  readonly side?: Readonly<Record<string, Tensor | 'none'>>
  /** The parameters that the parts declare for an attention module, by part and name; none unless said. */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, Tensor>>>>
  /** Position of the first query; 0 unless said. */
  readonly queryStart?: number
  /** Where dropout draws from; nothing is dropped without it. */
  readonly random?: RandomStream
  /** Sees, and may replace, scores, weights and the mixed values; the call then runs stage by stage. */
  readonly tap?: Tap
}

/**
 * Runs a composition over query, key and value that are projected already, without a module: what
 * `MultiHeadAttention` does between its projections. Returns `[batch, heads, query, valueSize]`.
 *
 * `query` is `[batch, heads, query, headSize]`, `key` and `value` `[batch, keyHeads, key, ...]`. Throws a
 * `CompositionError` for side inputs that are missing, an `ArgumentError` for parameters that are.
 *
 * @example
 * const mixed = attendProjections(compose([scaledDot(), causal()]), { query, key, value }, { mask: noMask })
 */
export function attendProjections(
  composition: Composition,
  projected: Projected,
  call: ProjectionsCall,
): Tensor {
  const { mask, side = {}, parameters = {}, queryStart = 0, random, tap } = call
  checkSideInputs(composition, side)
  const { device } = projected.query
  return device.scoped(() => {
    const sizes = sizesOf(projected, queryStart)
    const contextOf = contextsOf(
      {
        ...sizes,
        device,
        queryInput: joinHeads(projected.query),
        keyInput: joinHeads(projected.key),
        queryStart,
        queryLength: projected.query.shape[2]!,
        keyStart: 0,
        keyLength: projected.key.shape[2]!,
        causal: composition.causal,
        training: random !== undefined,
        nextKey: () => random!.next(),
        tap: tap ?? ((_, tensor) => tensor),
        sideInput: readerOf(side),
      },
      (part, kind, name) =>
        kind === 'buffer'
          ? createBuffer(device, part, name, sizes)
          : (parameters[part.name]?.[name] ?? missingParameter(part, name)),
    )
    const stored = applyQueryKey(composition, contextOf, projected)
    const { query } = stored
    const { key, value } = expandStored(composition, contextOf, stored)
    let output =
      composition.unfusable === undefined && tap === undefined
        ? attendFused(composition, contextOf, query, { key, value, length: key.shape[2]! }, mask)
        : attendByStages(composition, contextOf, query, key, value, mask)
    if (tap) output = tap('mixed', output)
    for (const part of composition.having('output')) output = part.output(contextOf(part), output)
    return output
  })
}

function sizesOf({ query, key }: Projected, queryStart: number): PartSizes {
  const [, heads, queryLength, headSize] = query.shape as [number, number, number, number]
  const maximumLength = Math.max(queryStart + queryLength, key.shape[2]!)
  return { width: heads * headSize, heads, keyHeads: key.shape[1]!, headSize, maximumLength }
}

function createBuffer(device: Device, part: AttentionPart, name: string, sizes: PartSizes): Tensor {
  const declaration = part.buffers?.[name]
  if (!declaration) return missing(part, 'buffers', name, 'Declare it in the part.')
  const { shape, data } = declaration.create(sizes)
  return device.tensor(data, { shape })
}

function missingParameter(part: AttentionPart, name: string): never {
  return missing(part, 'parameters', name, `Pass \`parameters: { '${part.name}': { ${name}: ... } }\`.`)
}

function missing(part: AttentionPart, argument: string, name: string, fix: string): never {
  throw new ArgumentError({
    operation: part.name,
    argument: `${argument}.${name}`,
    got: 'is missing',
    expected: 'a tensor for the name that the part reads',
    fix,
  })
}
