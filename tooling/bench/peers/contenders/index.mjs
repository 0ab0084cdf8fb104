import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const server = join(here, '../source/serve-contender.mjs')

/** A contender that is JavaScript; `options` go to its `open`. */
const node = (name, folder, options = {}) => ({
  name,
  command: process.execPath,
  args: [server, new URL(`./${folder}/open.mjs`, import.meta.url).href, JSON.stringify(options)],
})

/** Who takes part, and how the process of each starts. The first one is what the others are compared with. */
export const contenders = [
  node('qkv', 'qkv', { threads: 1 }),
  node('qkv-2-threads', 'qkv', { threads: 2 }),
  node('tfjs-wasm', 'tfjs', { backend: 'wasm' }),
  node('tfjs-wasm-own-gradients', 'tfjs', { backend: 'wasm', ownGradients: true }),
  node('tfjs-cpu', 'tfjs', { backend: 'cpu' }),
  node('onnxruntime-web', 'onnx', { runtime: 'onnxruntime-web' }),
  node('onnxruntime-node', 'onnx', { runtime: 'onnxruntime-node' }),
  node('jax-js', 'jax-js'),
  node('js-pytorch', 'js-pytorch'),
  {
    name: 'torch',
    command: process.env.QKV_PYTHON ?? 'python3',
    args: [join(here, 'torch/serve.py')],
    env: {
      // Presets of this one halve the speed of the library behind older builds of torch.
      OPENBLAS_CORETYPE: undefined,
      OMP_NUM_THREADS: '1',
      OPENBLAS_NUM_THREADS: '1',
      OMP_WAIT_POLICY: 'PASSIVE',
    },
  },
]
