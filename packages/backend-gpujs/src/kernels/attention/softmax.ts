import type { DeviceArray } from '../../engine/device-array.ts'
import { here, type Launcher } from '../../kernel.ts'
import { type AttentionCall, scoreIndices } from './call.ts'
import { masked } from './scores.ts'

/** Where the sink of the row at hand lies; `undefined` without sinks. */
export function sinkPlace({ inputs, queryLength, heads }: AttentionCall): string | undefined {
  return inputs.sinks?.place(`remainder(quotient(${here}, ${queryLength}), ${heads})`)
}

/** Sums of the exponentials of each row less its shift, `[batch, heads, query]`, that of its sink included. */
export function rowTotals(
  launcher: Launcher,
  call: AttentionCall,
  scores: DeviceArray,
  shifts: DeviceArray,
): DeviceArray {
  const { inputs, keyLength, scoreCount } = call
  const sink = sinkPlace(call)
  return launcher.run(
    `let total = 0; const shift = x1[${here}];
    for (let k = 0; k < ${keyLength}; k++) {
      const score = x0[${here} * ${keyLength} + k];
      let part = exponential(score - shift);
      if (score < ${masked}) { part = 0; }
      total += part;
    }
    return ${sink === undefined ? 'total' : `total + exponential(x2[${sink}] - shift)`};`,
    inputs.sinks ? [scores, shifts, inputs.sinks.array] : [scores, shifts],
    scoreCount / keyLength,
  )
}

/** The weights of all keys, `[batch, heads, query, key]`; `finish` says what becomes of each `weight`. */
export function keyWeights(
  launcher: Launcher,
  call: AttentionCall,
  [scores, shifts, totals]: readonly [scores: DeviceArray, shifts: DeviceArray, totals: DeviceArray],
  finish = 'return weight;',
  scalars: readonly number[] = [],
): DeviceArray {
  const { row } = scoreIndices(call)
  return launcher.run(
    `const score = x0[${here}]; const whole = x2[${row}];
    if (score < ${masked} || whole === 0) { return 0; }
    const weight = exponential(score - x1[${row}]) / whole;
    ${finish}`,
    [scores, shifts, totals],
    call.scoreCount,
    scalars,
  )
}
