import { test } from '@playwright/test'

/** What a benchmark measured, and what it should reach at most. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly goal?: number
}

const type = 'figure'

/** Reports a figure of the benchmark that runs. */
export function reportFigure(figure: Figure): void {
  test.info().annotations.push({ type, description: JSON.stringify(figure) })
}

/** The figures among the annotations of a test. */
export function figuresOf(
  annotations: readonly { readonly type: string; readonly description?: string }[],
): readonly Figure[] {
  return annotations
    .filter((annotation) => annotation.type === type)
    .map(({ description }) => JSON.parse(description!) as Figure)
}
