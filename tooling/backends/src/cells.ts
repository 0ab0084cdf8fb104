import { cpu } from '@qkv/backend-cpu'
import { gpujs } from '@qkv/backend-gpujs'
import { webgpu } from '@qkv/backend-webgpu'
import type { Cell } from './cell.ts'

/** What runs in Node, on any machine. */
export const nodeCells: readonly Cell[] = [
  { name: 'cpu, one thread', plugin: cpu({ threads: 1 }), computesAway: false },
  { name: 'cpu, two threads', plugin: cpu({ threads: 2 }), computesAway: false },
  { name: 'gpujs, webasm', plugin: gpujs({ mode: 'webasm' }), computesAway: true },
  { name: 'gpujs, cpu', plugin: gpujs({ mode: 'cpu' }), computesAway: true },
]

/** What runs in a page of a browser with a GPU, be it a software renderer. */
export const pageCells: readonly Cell[] = [
  { name: 'gpujs, webgl2', plugin: gpujs({ mode: 'webgl2' }), computesAway: true },
  { name: 'webgpu, Chromium', plugin: webgpu(), computesAway: true },
]
