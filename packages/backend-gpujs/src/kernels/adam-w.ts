import type { KernelTable } from '../kernel.ts'
import { map } from './elementwise.ts'

const roles = 4

export const adamW: KernelTable = {
  'qkv/adamW': {
    run({ inputs, attrs, scalars }, launcher) {
      const { decays } = attrs as { readonly decays: readonly boolean[] }
      const [learningRate, beta1, beta2, epsilon, weightDecay, correction1, correction2] = scalars as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ]
      return decays.flatMap((decay, index) => {
        const [parameter, gradient, first, second] = inputs.slice(index * roles, (index + 1) * roles)
        const size = parameter!.shape.reduce((product, length) => product * length, 1)
        const firstMoment = map(launcher, [first!, gradient!], size, 'return a * s0 + b * s1;', [
          beta1,
          1 - beta1,
        ])
        const secondMoment = map(launcher, [second!, gradient!], size, 'return a * s0 + b * b * s1;', [
          beta2,
          1 - beta2,
        ])
        const updated = launcher.run(
          {
            body: `const scale = Math.sqrt(x2[this.thread.x]) / s2 + s3;
              return x0[this.thread.x] * s0 - x1[this.thread.x] / scale * s1;`,
            anyLength: true,
          },
          [parameter!.array, firstMoment, secondMoment],
          size,
          [
            decay ? 1 - learningRate * weightDecay : 1,
            learningRate / correction1,
            Math.sqrt(correction2),
            epsilon,
          ],
        )
        return [updated, firstMoment, secondMoment]
      })
    },
  },
}
