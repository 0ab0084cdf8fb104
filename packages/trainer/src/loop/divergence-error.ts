import { QkvError } from '@qkv/tensor'

/** Where a training stood when its loss or gradients were no numbers any more. */
export interface Divergence {
  /** Counted from 0: the step that was not made. */
  readonly step: number
  readonly loss: number
  readonly gradientNorm: number
  readonly learningRate: number
  /** Of the step before; `undefined` in the first one of a run. */
  readonly gradientNormBefore: number | undefined
  /** Of the first batch of the step. */
  readonly position: { readonly epoch: number; readonly batch: number }
}

/** The loss or its gradients are NaN or infinite. The weights, and all checkpoints, are those of the step before. */
export class DivergenceError extends QkvError implements Divergence {
  readonly step: number
  readonly loss: number
  readonly gradientNorm: number
  readonly learningRate: number
  readonly gradientNormBefore: number | undefined
  readonly position: { readonly epoch: number; readonly batch: number }

  constructor(divergence: Divergence) {
    const { step, loss, gradientNorm, learningRate, gradientNormBefore, position } = divergence
    const [argument, value] = Number.isFinite(loss) ? ['gradient norm', gradientNorm] : ['loss', loss]
    const before = gradientNormBefore === undefined ? 'unknown' : gradientNormBefore.toPrecision(4)
    super({
      operation: 'Trainer',
      argument,
      got: `is ${value} in step ${step} (learning rate ${learningRate.toPrecision(4)}, gradient norm before ${before})`,
      expected: 'a finite number',
      fix:
        'Lower the learning rate or warm up longer, clip gradients with `clipNorm: 1`, ' +
        `or look at the data from epoch ${position.epoch}, batch ${position.batch} on; ` +
        'weights and checkpoints are those from before this step.',
    })
    this.step = step
    this.loss = loss
    this.gradientNorm = gradientNorm
    this.learningRate = learningRate
    this.gradientNormBefore = gradientNormBefore
    this.position = position
  }
}
