import { defineConfig } from 'vitest/config'
import { gpuProject } from '../../vitest/browser-projects.mjs'
import { findChromium } from '../../vitest/find-chromium.mjs'

const chromium = findChromium()
if (!('path' in chromium)) throw new Error(`the GPU backends are measured in Chromium: ${chromium.reason}`)

/** Measures the GPU backends in a page; figures are those of the machine, and no reason to fail. */
export default defineConfig({
  ...gpuProject('bench', chromium.path, ['tooling/backends/bench/figures.ts'], 600_000),
  resolve: { conditions: ['@qkv/source'] },
})
