import type { HostArray } from '@qkv/tensor'
import { mismatch, type TestFunction } from '@qkv/tensor/conformance'
import type { AttentionPart } from '../part.ts'

/** What cases of every kind have. */
interface Case {
  readonly title: string
  /** The results, row by row. */
  readonly expected: readonly number[] | (() => readonly number[])
}

export interface IdeaOptions<Idea> {
  readonly test: TestFunction
  readonly ideas: readonly Idea[]
  /** 1e-9 unless said, absolute and relative: results are float64. */
  readonly tolerance?: number
}

/**
 * Registers one test for each case, and one for each substitute of the part, with which at least one case must give other numbers;
 * a case that a substitute cannot run does not count. `run` gives the results of a part for a case.
 */
export function registerIdeas<Idea extends Case>(
  create: () => AttentionPart,
  { test, ideas, tolerance = 1e-9 }: IdeaOptions<Idea>,
  substitutes: Readonly<Record<string, AttentionPart>>,
  run: (part: AttentionPart, idea: Idea) => HostArray,
): void {
  const { name } = create()
  const failure = (part: AttentionPart, idea: Idea): string | null => {
    const wanted = typeof idea.expected === 'function' ? idea.expected() : idea.expected
    return mismatch(run(part, idea), wanted, { absolute: tolerance, relative: tolerance })
  }
  for (const idea of ideas) {
    test(`${name}: ${idea.title}`, () => {
      const found = failure(create(), idea)
      if (found) throw new Error(found)
    })
  }
  for (const [what, substitute] of Object.entries(substitutes)) {
    test(`${name}: its cases fail for ${what}`, () => {
      const errors: unknown[] = []
      for (const idea of ideas) {
        try {
          if (failure(substitute, idea) !== null) return
        } catch (error) {
          errors.push(error)
        }
      }
      if (errors.length === 0) throw new Error('every case holds without the part')
      throw new Error(
        `${what} gives no case other numbers, and cannot run ${errors.length} of ${ideas.length}, which proves nothing: ` +
          `${String(errors[0])} Add a case that it can run.`,
        { cause: errors[0] },
      )
    })
  }
}
