import type { DeviceArray } from '../../engine/device-array.ts'
import { here, type Input, type Launcher } from '../../kernel.ts'
import { multiply, transposed } from '../matmul.ts'
import { number } from '../norms.ts'
import { type AttentionCall, broadcastPlace, grouped, leadOf, scoreIndices, shared } from './call.ts'
import { keepFormula } from './mask.ts'

/** Scores below are masked out: constants of shaders have no infinity. */
export const masked = '-2.9e38'
const maskedScore = '-3e38'

/** Scaled products with the softcap, `[batch, heads, query, key]`. */
export function cappedScores(launcher: Launcher, call: AttentionCall): DeviceArray {
  const { inputs, attrs, queryLength, keyLength, headSize } = call
  const { scale, softcap } = attrs
  const scaled = `total * ${number(scale)}`
  return multiply(launcher, {
    lead: leadOf(call),
    rows: queryLength,
    inner: headSize,
    columns: keyLength,
    a: grouped(call, inputs.query),
    b: transposed(shared(inputs.key)),
    finish:
      softcap === null ? scaled : `hyperbolicTangent(${scaled} / ${number(softcap)}) * ${number(softcap)}`,
  })
}

/** The scores with bias, and far below all others where a key is masked out. */
export function maskedScores(launcher: Launcher, call: AttentionCall, capped: DeviceArray): DeviceArray {
  const arrays = [capped]
  // A mask may name a tensor more than once.
  const read = ({ array }: Input): string => {
    if (!arrays.includes(array)) arrays.push(array)
    return `x${arrays.indexOf(array)}`
  }
  const indices = scoreIndices(call)
  const keep = keepFormula(call, indices, read)
  const { bias } = call.inputs
  const biased = bias ? `x0[${here}] + ${read(bias)}[${broadcastPlace(bias, indices)}]` : `x0[${here}]`
  if (keep === undefined && bias === undefined) return capped
  const body = `${keep === undefined ? '' : `if (${keep} < 0.5) { return ${maskedScore}; }`} return ${biased};`
  return launcher.run(body, arrays, call.scoreCount, [call.scalars[0]!])
}
