import { createReferenceBackend, Device, type HostArray } from '@qkv/tensor'
import { attendProjections, type ProjectionsCall } from '../attend-projections.ts'
import { noMask } from '../masks/mask.ts'
import type { AttentionPart, Projected } from '../part.ts'
import { scaledDot } from '../parts/score/scaled-dot.ts'
import { type IdeaOptions, registerIdeas } from './register-ideas.ts'
import { completeComposition } from './sample-attention.ts'

/** Projections that are attended to, and what the paper's formula makes of them, worked out without the part. */
export interface Idea {
  readonly title: string
  /** Options of the call, such as parameters and side inputs; parts that further take part. */
  call?(device: Device): Partial<ProjectionsCall> & { readonly beside?: readonly AttentionPart[] }
  /** Made on a float64 device. */
  inputs(device: Device): Projected
  /** The outputs `[batch, heads, query, valueSize]`, row by row. */
  readonly expected: readonly number[] | (() => readonly number[])
}

export type TestIdeaOptions = IdeaOptions<Idea>

/**
 * Registers one test for each case, and two that hold these cases to account: with the part replaced by plain `scaled-dot`, and by a
 * part that does nothing, at least one of them must fail.
 *
 * @example
 * testIdea(() => softmaxPlusOne(), {
 *   test,
 *   ideas: [{ title: 'one key of score 0 gets half', inputs: (device) => zeros(device), expected: [0.5] }],
 * })
 */
export function testIdea(create: () => AttentionPart, options: TestIdeaOptions): void {
  const { name, source, sideInputs = [], mix } = create()
  // Plain scaled-dot is itself where nothing else is meant.
  const isPlain = name === 'scaled-dot' && !mix
  // Calls bring what the part reads: a substitute for it reads the same.
  const substitutes = {
    'plain scaled-dot': { ...scaledDot(), name, sideInputs },
    'a part that does nothing': { name, source, sideInputs },
  }
  registerIdeas(create, options, isPlain ? {} : substitutes, run)
}

function run(part: AttentionPart, idea: Idea): HostArray {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  return device.scoped(() => {
    const { beside = [], ...call } = idea.call?.(device) ?? {}
    const composition = completeComposition(part, beside)
    return attendProjections(composition, idea.inputs(device), { mask: noMask, ...call }).readSync()
  })
}
