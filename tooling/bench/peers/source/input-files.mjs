// Inputs and outputs go between the processes as files: raw little-endian arrays beside a JSON manifest.
import { readFileSync, writeFileSync } from 'node:fs'

const arrayTypes = { float32: Float32Array, int32: Int32Array }

/**
 * @param {string} path of the manifest; the numbers are written beside it
 * @param {Map<string, import('./contract.d.ts').InputArray>} inputs
 */
export function writeInputs(path, inputs) {
  let offset = 0
  const manifest = {}
  const chunks = []
  for (const [name, { dtype, shape, data }] of inputs) {
    manifest[name] = { dtype, shape, offset, length: data.length }
    chunks.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength))
    offset += data.byteLength
  }
  writeFileSync(`${path}.bin`, Buffer.concat(chunks))
  writeFileSync(path, JSON.stringify(manifest))
}

/** @returns {Map<string, import('./contract.d.ts').InputArray>} */
export function readInputs(path) {
  const { buffer, byteOffset, byteLength } = readFileSync(`${path}.bin`)
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength)
  const manifest = JSON.parse(readFileSync(path, 'utf8'))
  return new Map(
    Object.entries(manifest).map(([name, { dtype, shape, offset, length }]) => [
      name,
      { dtype, shape, data: new arrayTypes[dtype](bytes, offset, length) },
    ]),
  )
}

/** @param {Float32Array} data */
export function writeOutput(path, data) {
  writeFileSync(path, Buffer.from(data.buffer, data.byteOffset, data.byteLength))
}

/** @returns {Float32Array} */
export function readOutput(path) {
  const { buffer, byteOffset, byteLength } = readFileSync(path)
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength))
}
