/**
 * What a further thread runs: it makes its own instance of the kernels on the shared memory, takes pieces of jobs, and sleeps when there
 * are none. A text and not a file, since then it needs no help from bundlers; it needs nothing but what it is sent.
 *
 * The words of a job are those of `assembly/team.ts`: pieces, units, units per piece, kernel, count of parameters.
 */
export const workerSource: string = `
'use strict'
function work({ module, memory, spins }) {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  const kernels = Object.values(exports)
  const control = exports.controlAddress()
  const words = new Int32Array(memory.buffer, control + 192, 5)
  const parameters = new Float64Array(memory.buffer, control + 256, 32)
  exports.join()
  for (let piece = exports.takeNext(spins); piece >= 0; piece = exports.takeNext(spins)) {
    let failed = true
    try {
      const [, count, size, kernel, length] = words
      const first = piece * size
      kernels[kernel](first, Math.min(first + size, count), ...parameters.subarray(0, length))
      failed = false
    } finally {
      exports.finish(failed)
    }
  }
}
if (typeof require === 'function') work(require('node:worker_threads').workerData)
else onmessage = ({ data }) => work(data)
`
