/** How many times as fast as a peer qkv is meant to be, on one thread. */
export const targets = [
  { workload: 'gpt-training-step', contender: 'tfjs-wasm', atLeast: 15 },
  { workload: 'gpt-forward', contender: 'onnxruntime-web', atLeast: 1.5 },
  { workload: 'gpt-forward', contender: 'tfjs-wasm', atLeast: 4 },
  { workload: 'gpt-decode', contender: 'onnxruntime-node', atLeast: 1.2 },
  { workload: 'gpt-decode', contender: 'tfjs-wasm', atLeast: 9 },
]

/** The targets whose figures were measured. */
export function compareWithTargets(results) {
  return targets.flatMap(({ workload, contender, atLeast }) => {
    const row = results
      .find(({ name }) => name === workload)
      ?.rows.find(({ contender: name }) => name === contender)
    if (row?.ratio === undefined) return []
    return [{ workload, contender, atLeast, ratio: row.ratio, met: row.ratio >= atLeast }]
  })
}
