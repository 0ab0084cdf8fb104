/**
 * What a further thread runs: it makes its own instance of the kernels on the shared memory, takes pieces of jobs, and sleeps when there
 * are none. A text and not a file, since then it needs no help from bundlers; it needs nothing but what it is sent.
 *
 * What lies where in the memory is said in `assembly/team.ts`. The memory is asked to grow by nothing since V8 can miss, while it hands
 * the memory over, that it grows elsewhere: `memory.fill` and `memory.copy` then trap beyond the old end, until the next growth.
 */
export const workerSource: string = `
'use strict'
function work({ module, memory, spins }) {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  const kernels = Object.values(exports)
  memory.grow(0)
  const control = exports.controlAddress()
  const words = new Int32Array(memory.buffer, control + 192, 5)
  const parameters = new Float64Array(memory.buffer, control + 256, 32)
  const reason = new Uint8Array(memory.buffer, control + 512, 128)
  exports.join()
  for (let piece = exports.takeNext(spins); piece >= 0; piece = exports.takeNext(spins)) {
    try {
      const [, count, size, kernel, length] = words
      const first = piece * size
      kernels[kernel](first, Math.min(first + size, count), ...parameters.subarray(0, length))
    } catch (error) {
      reason.fill(0).set(Array.from(String(error).slice(0, 128), (letter) => letter.charCodeAt(0)))
      exports.finish(true)
      throw error
    }
    exports.finish(false)
  }
}
if (typeof require === 'function') work(require('node:worker_threads').workerData)
else onmessage = ({ data }) => work(data)
`
