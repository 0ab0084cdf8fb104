import { describe, expect, it } from 'vitest'
import {
  byRecency,
  listSteps,
  parseStepFolder,
  type StepFolder,
  stepFolderName,
} from './checkpoint-folder.ts'

describe('stepFolderName', () => {
  it('is undone by parseStepFolder', () => {
    for (const [step, attempt, name] of [
      [0, 1, 'step-000000'],
      [123, 1, 'step-000123'],
      [12_345_678, 1, 'step-12345678'],
      [123, 2, 'step-000123-2'],
    ] as const) {
      expect(stepFolderName(step, attempt)).toBe(name)
      expect(parseStepFolder(name)).toEqual({ name, step, attempt })
    }
  })

  it('is told from other names', () => {
    for (const name of [
      'latest',
      'step-123',
      'step-000123.host.1.01234567.partial',
      '../step-000123',
      'step-000123 ',
      '',
    ]) {
      expect(parseStepFolder(name)).toBeUndefined()
    }
  })
})

it('puts newer steps first, and steps beyond the current one last', () => {
  const folders = [3, 9, 5, 7].map((step) => parseStepFolder(stepFolderName(step, 1)) as StepFolder)
  const again = { name: 'step-000005-2', step: 5, attempt: 2 }
  const order = byRecency([...folders, again], 6).map(({ name }) => name)
  expect(order).toEqual(['step-000005-2', 'step-000005', 'step-000003', 'step-000009', 'step-000007'])
})

it('finds no checkpoints where there is no folder', async () => {
  expect(await listSteps('no/such/folder')).toEqual([])
})
