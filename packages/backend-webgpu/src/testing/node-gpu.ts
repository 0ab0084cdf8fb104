import type { WebGpuOptions } from '../options.ts'

declare const process: { readonly env: Readonly<Record<string, string | undefined>> }

/** Where the tests in Node find the package `webgpu`, which is no dependency: it takes 100 MB and a driver. */
const module = process.env['QKV_WEBGPU_MODULE']

/** The options for a backend in Node, or why there can be none. */
export const nodeGpu: { readonly options: WebGpuOptions } | { readonly missing: string } = module
  ? { options: { module } }
  : { missing: 'QKV_WEBGPU_MODULE does not name the index.js of an installed package `webgpu`' }
