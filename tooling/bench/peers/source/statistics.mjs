/** Median, quartiles and minimum. */
export function summarize(samples) {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = (share) => {
    const position = (sorted.length - 1) * share
    const low = Math.floor(position)
    const high = Math.ceil(position)
    return sorted[low] + (sorted[high] - sorted[low]) * (position - low)
  }
  return { median: at(0.5), low: at(0.25), high: at(0.75), minimum: sorted[0], samples: sorted.length }
}

/**
 * What most outputs say: their median, element by element. None of them, ours included, is right by definition.
 * @param {readonly Float32Array[]} outputs
 */
export function consensus(outputs) {
  const middle = outputs.length / 2
  return outputs[0].map((_, index) => {
    const values = outputs.map((output) => output[index]).toSorted((a, b) => a - b)
    return (values[Math.floor(middle - 0.5)] + values[Math.floor(middle)]) / 2
  })
}

/** Largest difference, relative to the largest magnitude of `expected`; not-a-number when either has one. */
export function relativeDifference(output, expected) {
  if (output.length !== expected.length) return Number.NaN
  let difference = 0
  let magnitude = 0
  for (let index = 0; index < expected.length; index++) {
    // `Math.max` passes on what is not a number; a comparison would pass over it.
    difference = Math.max(difference, Math.abs(output[index] - expected[index]))
    magnitude = Math.max(magnitude, Math.abs(expected[index]))
  }
  return difference / magnitude
}
