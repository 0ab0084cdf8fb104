import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter'
import { type Figure, figuresOf } from './figure.ts'

/** Prints what benchmarks measured beside what they should reach, as a table that can be pasted into the documentation. */
export default class FiguresReporter implements Reporter {
  readonly #figures: Figure[] = []

  onTestEnd(test: TestCase, { annotations, status, errors }: TestResult): void {
    this.#figures.push(...figuresOf(annotations))
    if (status === 'skipped') console.error(`not measured: ${test.title}: ${annotations.at(-1)?.description}`)
    else if (status !== 'passed') console.error(`failed: ${test.title}: ${errors[0]?.message}`)
  }

  onEnd(result: FullResult): void {
    console.log('\n| what | measured | goal |\n|---|---|---|')
    for (const { name, value, unit, goal } of this.#figures) {
      const measured = `${Number(value.toPrecision(3))} ${unit}`
      const wanted = goal === undefined ? '' : `${goal} ${unit}${value <= goal ? '' : ', not reached'}`
      console.log(`| ${name} | ${measured} | ${wanted} |`)
    }
    console.log(`\n${this.#figures.length} figures, ${result.status}`)
  }
}
