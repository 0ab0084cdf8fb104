import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { browserProjects } from './tooling/vitest/browser-projects.mjs'
import { findChromium } from './tooling/vitest/find-chromium.mjs'

// Tests run on the sources of all packages: the export condition makes a build unnecessary.
const conditions = ['@qkv/source']
const folders = ['packages', 'apps', 'tooling'].flatMap((parent) =>
  readdirSync(new URL(parent, import.meta.url)).map((name) => ({ name, root: `${parent}/${name}` })),
)
const chromium = findChromium()

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Far above what any of them takes: a busy machine is no reason to fail.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './tooling/vitest/plain-summary.mjs'],
    projects: [
      ...[...folders, { name: 'examples', root: 'examples' }].map(({ name, root }) => ({
        extends: true as const,
        test: {
          name,
          root,
          include: ['**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/browser/**', '**/template/**'],
        },
      })),
      ...('path' in chromium ? browserProjects(chromium.path) : []),
    ],
    globalSetup: fileURLToPath(new URL('tooling/vitest/generate-sources.mjs', import.meta.url)),
    passWithNoTests: false,
  },
})
