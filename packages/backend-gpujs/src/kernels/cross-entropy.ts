import { here, type Input, type KernelTable } from '../kernel.ts'
import { ArgumentError } from '@qkv/tensor'
import { numberOutside } from '../integer-range.ts'
import { clamped } from './indexing.ts'
import { number } from './norms.ts'

interface Attrs {
  readonly labelSmoothing: number
  readonly ignoreIndex: number | null
}

export const crossEntropy: KernelTable = {
  'qkv/crossEntropy': {
    run({ inputs: [logits, targets], attrs }, launcher) {
      const { labelSmoothing, ignoreIndex } = attrs as Attrs
      const [rows, classes] = logits!.shape as [number, number]
      checkTargets(targets!, classes, ignoreIndex)
      const at = `x0[${here} * ${classes} + k]`
      const loop = (statement: string): string => `for (let k = 0; k < ${classes}; k++) { ${statement} }`
      const peaks = launcher.run(
        `let total = x0[${here} * ${classes}]; ${loop(`total = larger(total, ${at});`)} return total;`,
        [logits!.array],
        rows,
      )
      const logSums = launcher.run(
        `let total = 0; const peak = x1[${here}]; ${loop(`total += exponential(${at} - peak);`)} return logarithm(total);`,
        [logits!.array, peaks],
        rows,
      )
      // From shifted logits, since the rounding of their sum grows with them.
      const spread = `let total = 0; ${loop(`total += ${at} - peak;`)}
        const uniform = logSum - total / ${classes};`
      const losses = launcher.run(
        `const target = x1[${here}]; const peak = x2[${here}]; const logSum = x3[${here}];
        ${ignoreIndex === null ? '' : `if (target === ${ignoreIndex}) { return 0; }`}
        const loss = logSum - (x0[${here} * ${classes} + ${clamped('target', classes)}] - peak);
        ${labelSmoothing > 0 ? `${spread} return loss * ${number(1 - labelSmoothing)} + uniform * ${number(labelSmoothing)};` : 'return loss;'}`,
        [logits!.array, targets!.array, peaks, logSums],
        rows,
      )
      const logSumExps = launcher.run(`return x0[${here}] + x1[${here}];`, [peaks, logSums], rows)
      return [losses, logSumExps]
    },
  },
  'qkv/crossEntropyBackward': {
    run({ inputs: [logits, targets, logSumExp, gradient], attrs, size }, launcher) {
      const { labelSmoothing, ignoreIndex } = attrs as Attrs
      const [rows, classes] = logits!.shape as [number, number]
      // They sum to 1 up to the rounding of logSumExp, which grows with the logits.
      const sums = launcher.run(
        `let total = 0; const logSum = x1[${here}];
        for (let k = 0; k < ${classes}; k++) { total += exponential(x0[${here} * ${classes} + k] - logSum); }
        return total;`,
        [logits!.array, logSumExp!.array],
        rows,
      )
      const row = `quotient(${here}, ${classes})`
      const share = labelSmoothing / classes
      const body = `const target = x2[${row}];
        ${ignoreIndex === null ? '' : `if (target === ${ignoreIndex}) { return 0; }`}
        let wanted = ${number(share)};
        if (${clamped('target', classes)} === remainder(${here}, ${classes})) { wanted = ${number(1 - labelSmoothing + share)}; }
        return (exponential(x0[${here}] - x1[${row}]) / x4[${row}] - wanted) * x3[${row}];`
      const inputs = [logits, logSumExp, targets, gradient].map((input) => input!.array)
      return [launcher.run(body, [...inputs, sums], size)]
    },
  },
}

/** Targets that came from the host are checked, those of other kernels are kept inside; what is ignored may be any number. */
function checkTargets({ range }: Input, classes: number, ignoreIndex: number | null): void {
  const wrong = range && numberOutside(range, classes, ignoreIndex ?? undefined)
  if (wrong === undefined) return
  throw new ArgumentError({
    operation: 'crossEntropy',
    argument: 'targets',
    got: `holds ${wrong}`,
    expected: `a class from 0 to ${classes - 1}${ignoreIndex === null ? '' : `, or ${ignoreIndex} to ignore the row`}`,
    fix: 'Check the number of classes, or set `ignoreIndex` for targets that do not count.',
  })
}
