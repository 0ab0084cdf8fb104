import { createRequire } from 'node:module'

/** The CommonJS build, which is the one that the WebAssembly backend loads: two copies would not share their registries. */
export const tf = createRequire(import.meta.url)('@tensorflow/tfjs')

export const upload = ({ data, shape, dtype }) => tf.tensor(data, shape, dtype)
