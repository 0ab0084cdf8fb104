import { RunError } from './run-error.ts'

/** A stored model needs an attention part that was given as a value when it was trained, and is not given now. */
export class MissingPartError extends RunError {
  constructor(name: string) {
    super({
      operation: 'model',
      argument: 'attention',
      got: `uses the part '${name}', which the training config gave as a value`,
      expected: 'the same part among the given ones',
      fix: 'Pass it in `parts` when the model is loaded.',
    })
  }
}
