import { readdir } from 'node:fs/promises'
import { errorCode } from './file-system.ts'

/** The file that names the newest checkpoint of a folder. */
export const LATEST_FILE = 'latest'
export const MANIFEST_FILE = 'manifest.json'
export const STATE_FILE = 'state.json'
export const ARRAYS_SUFFIX = '.safetensors'

const STEP_FOLDER = /^step-(?<step>\d{6,15})(?:-(?<attempt>\d{1,6}))?$/

export interface StepFolder {
  readonly name: string
  readonly step: number
  /** 1, or more where the same step was saved again. */
  readonly attempt: number
}

export function stepFolderName(step: number, attempt: number): string {
  return `step-${String(step).padStart(6, '0')}${attempt === 1 ? '' : `-${attempt}`}`
}

/** Reads a folder name such as `step-000123`; undefined for any other name. */
export function parseStepFolder(name: string): StepFolder | undefined {
  const found = STEP_FOLDER.exec(name)?.groups
  if (found === undefined) return undefined
  return { name, step: Number(found['step']), attempt: Number(found['attempt'] ?? 1) }
}

/** The checkpoints in a folder, complete or not; none if there is no such folder. */
export async function listSteps(folder: string): Promise<StepFolder[]> {
  try {
    const names = await readdir(folder)
    return names.map(parseStepFolder).filter((found) => found !== undefined)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

/**
 * Newest first, as seen from a run at `currentStep`: what lies beyond that step was left by a run that was taken up again
 * from an earlier point, so it counts as oldest.
 */
export function byRecency(steps: readonly StepFolder[], currentStep: number): StepFolder[] {
  const beyond = ({ step }: StepFolder): number => (step > currentStep ? 1 : 0)
  return steps.toSorted(
    (left, right) => beyond(left) - beyond(right) || right.step - left.step || right.attempt - left.attempt,
  )
}
