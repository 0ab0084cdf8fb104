import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { mismatch, type TestFunction } from '@qkv/tensor/conformance'
import { attendProjections, type ProjectionsCall } from '../attend-projections.ts'
import { noMask } from '../masks/mask.ts'
import type { AttentionPart, Projected } from '../part.ts'
import { scaledDot } from '../parts/score/scaled-dot.ts'
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

export interface TestIdeaOptions {
  readonly test: TestFunction
  readonly ideas: readonly Idea[]
  /** 1e-9 unless said, absolute and relative: results are float64. */
  readonly tolerance?: number
}

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
export function testIdea(
  create: () => AttentionPart,
  { test, ideas, tolerance = 1e-9 }: TestIdeaOptions,
): void {
  const { name, source, mix } = create()
  for (const idea of ideas) {
    test(`${name}: ${idea.title}`, () => {
      const found = failure(create(), idea, tolerance)
      if (found) throw new Error(found)
    })
  }
  const substitutes = {
    'plain scaled-dot': { ...scaledDot(), name },
    'a part that does nothing': { name, source },
  }
  for (const [what, substitute] of Object.entries(substitutes)) {
    // Plain scaled-dot is itself where nothing else is meant.
    if (name === 'scaled-dot' && !mix) continue
    test(`${name}: its cases fail for ${what}`, () => {
      if (ideas.every((idea) => failure(substitute, idea, tolerance) === null))
        throw new Error('every case holds without the part')
    })
  }
}

/** What is wrong, or `null`. */
function failure(part: AttentionPart, idea: Idea, tolerance: number): string | null {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const { expected } = idea
  const wanted = typeof expected === 'function' ? expected() : expected
  try {
    return device.scoped(() => {
      const { beside = [], ...call } = idea.call?.(device) ?? {}
      const composition = completeComposition(part, beside)
      const output: Tensor = attendProjections(composition, idea.inputs(device), { mask: noMask, ...call })
      return mismatch(Array.from(output.readSync()), wanted, { absolute: tolerance, relative: tolerance })
    })
  } catch (error) {
    return String(error)
  }
}
