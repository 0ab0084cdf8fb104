import type { WebGpuOptions } from '../options.ts'

declare const process: { readonly env: Readonly<Record<string, string | undefined>> }

/** Where `npm run check:full` puts the package `webgpu`, which is no dependency: it takes 130 MB and a driver. */
const folder = process.env['QKV_GPU_MODULES']

/** The options for a backend in Node, or why there can be none. */
export const nodeGpu: { readonly options: WebGpuOptions } | { readonly missing: string } = folder
  ? { options: { module: `${folder}/webgpu/index.js` } }
  : { missing: 'WebGPU in Node is tested by npm run check:full, which installs the package webgpu for it' }
