import { defineConfig } from '@playwright/test'
import tests from './playwright.config.ts'

/** Measures the pages; what tests ask for holds on any machine, and figures are those of the machine. */
export default defineConfig(tests, {
  testMatch: '**/end-to-end/**/*.bench.ts',
  reporter: './src/figures-reporter.ts',
  timeout: 300_000,
})
