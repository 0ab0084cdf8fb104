import type { LaunchOptions } from '@playwright/test'
import { findChromium } from '../../vitest/find-chromium.mjs'
import { softwareRenderer } from '../../vitest/software-renderer.mjs'

/** Starts the Chromium that is installed here. */
export function launchOptions(args: string[] = []): LaunchOptions {
  const chromium = findChromium()
  return 'path' in chromium ? { executablePath: chromium.path, args } : { args }
}

/**
 * For tests of a page on WebGPU, on any machine.
 *
 * @example
 * test.use({ launchOptions: withSoftwareGpu })
 */
export const withSoftwareGpu: LaunchOptions = launchOptions(softwareRenderer)
