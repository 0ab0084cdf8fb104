import { compose } from './compose.ts'
import { completeParts } from './complete-parts.ts'
import { explain } from './explain.ts'
import { partOptions } from './generated/part-options.ts'
import type { AttentionPart, PartDescription, Stage } from './part.ts'
import { stagesOf } from './stages-of.ts'

/** An option of a part. */
export interface PartOption {
  readonly name: string
  /** What it is, and what holds without it, in Markdown. */
  readonly about: string
}

/** One line of the catalogue of parts: plain data. */
export interface CatalogueEntry extends Partial<PartDescription> {
  readonly name: string
  readonly stages: readonly Stage[]
  readonly source: string
  /** What can be said about it in a config; empty for parts of other packages. */
  readonly options: readonly PartOption[]
  /** Names of its trained parameters and its constants. */
  readonly parameters: readonly string[]
  readonly sideInputs: readonly string[]
  /** Whether it can be composed with `causal`, and with `padding`. */
  readonly causal: boolean
  readonly padding: boolean
  /** Whether queries and keys may come from two inputs. */
  readonly cross: boolean
  /** Whether there is a weight for each query and key to look at. */
  readonly weightsReadable: boolean
  /** What can be kept from position to position while text is generated. */
  readonly cache: 'keys' | 'state' | 'none'
  /** Whether a composition with it still runs as the one fused operation, where a backend has that. */
  readonly fusable: boolean
  /** The power of the length that memory grows with, from 256 to 1,024 positions, run as it is run without being looked at. */
  readonly memoryExponent: number
}

const [short, long] = [256, 1024]
const sizes = { width: 32, heads: 2 }

/**
 * What the catalogue says about a part.
 *
 * @example
 * describePart(alibi()).fusable // true
 */
export function describePart(part: AttentionPart): CatalogueEntry {
  const { name, source, about, excludes = {}, sideInputs = [] } = part
  const composition = compose(completeParts(part))
  const [few, many] = [short, long].map((length) => explain(composition, { ...sizes, length }).peakBytes)
  return {
    name,
    stages: stagesOf(part),
    ...about,
    source,
    options: partOptions[name] ?? [],
    parameters: [...Object.keys(part.parameters ?? {}), ...Object.keys(part.buffers ?? {})],
    sideInputs,
    causal: excludes['causal'] === undefined,
    padding: excludes['padding'] === undefined,
    cross: part.selfOnly === undefined,
    weightsReadable: part.mix === undefined,
    cache: part.cacheable === false ? 'none' : part.recur ? 'state' : 'keys',
    fusable: composition.unfusable === undefined,
    memoryExponent: Math.round((100 * Math.log(many! / few!)) / Math.log(long / short)) / 100,
  }
}
