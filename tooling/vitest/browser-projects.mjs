import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { pagesWithPolicy } from './pages-with-policy.mjs'
import { softwareRenderer } from './software-renderer.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * The projects that run in a real Chromium: the CPU backend on a page that is cross-origin isolated, and on one that is not, and
 * the GPU backends on one whose GPU is software.
 */
export const browserProjectNames = ['browser-isolated', 'browser-plain', 'browser-gpu']

/** What makes a page cross-origin isolated, which lets it share memory between threads. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** All that needs nothing of Node: the CPU backend with its conformance suite, the golden cases on each of its builds, the pipelines. */
const include = [
  'packages/backend-cpu/src/**/*.test.ts',
  'packages/backend-cpu/browser/*.test.ts',
  'tooling/golden/browser/*.test.ts',
  'packages/pipelines/src/{inspection,tokens,translation}/*.test.ts',
]

export function browserProjects(executablePath) {
  const [isolated, plain, gpu] = browserProjectNames
  return [
    browserProject(isolated, executablePath, {
      headers: isolation,
      include: [...include, 'packages/backend-cpu/browser/isolated/*.test.ts'],
      exclude: [],
    }),
    browserProject(plain, executablePath, {
      headers: {},
      include: [...include, 'packages/backend-cpu/browser/plain/*.test.ts'],
      // Threads work on shared memory, which such a page does not have.
      exclude: ['packages/backend-cpu/src/threads/**'],
    }),
    gpuProject(gpu, executablePath, [
      'packages/backend-gpujs/browser/*.test.ts',
      'packages/backend-webgpu/browser/*.test.ts',
      'tooling/golden/browser/gpu/*.test.ts',
      'tooling/backends/browser/*.test.ts',
    ]),
  ]
}

/** A project on a page with WebGL 2 and WebGPU. */
export function gpuProject(name, executablePath, include, testTimeout) {
  return browserProject(name, executablePath, {
    headers: {},
    include,
    exclude: [],
    args: softwareRenderer,
    ...(testTimeout && { testTimeout }),
  })
}

function browserProject(name, executablePath, { headers, include, exclude, args = [], ...options }) {
  return {
    extends: true,
    plugins: [pagesWithPolicy(headers)],
    server: { headers },
    test: {
      name,
      root,
      include,
      exclude: ['**/node_modules/**', '**/*.node.test.ts', ...exclude],
      // One page for all files: loading all modules again for each of them took longer than the tests.
      isolate: false,
      ...options,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath, args } }),
        instances: [{ browser: 'chromium' }],
      },
    },
  }
}
