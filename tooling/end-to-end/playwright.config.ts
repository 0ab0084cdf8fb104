import { defineConfig } from '@playwright/test'
import { launchOptions } from './src/launch-options.ts'

/** Both servers run while the tests do: pages that may share memory between threads, and pages that may not. */
export default defineConfig({
  testDir: '../../apps',
  testMatch: '**/end-to-end/**/*.spec.ts',
  outputDir: '../../.cache/end-to-end',
  globalSetup: './src/start-servers.ts',
  reporter: [['list']],
  // Two cores: pages that compute would take each other's time.
  workers: 1,
  timeout: 60_000,
  // A machine that does other work beside takes its time.
  expect: { timeout: 15_000 },
  // In the gate a test that fails by a hiccup of the machine runs once more; the report then calls it flaky, and by its name.
  retries: process.env['QKV_REQUIRE_BROWSER'] === '1' ? 1 : 0,
  forbidOnly: true,
  use: {
    viewport: { width: 1280, height: 800 },
    launchOptions: launchOptions(),
    screenshot: 'only-on-failure',
  },
})
