import { env } from 'node:process'
import { gpujs } from '@qkv/backend-gpujs'
import { webgpu } from '@qkv/backend-webgpu'
import type { Cell } from './cell.ts'

/** Where `npm run check:full` puts packages that are too large, or too hard to build, for everyone. */
const folder = env['QKV_GPU_MODULES']

/** Why `onDemandCells` do not run; `undefined` when they have to. */
export const whyNotOnDemand: string | undefined =
  folder === undefined
    ? 'GPU backends in Node are tested by npm run check:full, which installs the packages gl and webgpu'
    : undefined

/** What runs in Node with those packages. */
export const onDemandCells: readonly Cell[] = [
  { name: 'gpujs, headlessgl', plugin: gpujs({ mode: 'headlessgl' }), computesAway: true },
  { name: 'webgpu, Dawn', plugin: webgpu({ module: `${folder}/webgpu/index.js` }), computesAway: true },
]
