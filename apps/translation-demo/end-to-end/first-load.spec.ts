import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test, waitUntilTranslated } from './site.ts'

const most = 200_000

test('loads at most 200 KB of compressed JavaScript, with what its workers load', async ({ page, site }) => {
  const scripts = new Set<string>()
  page.on('request', (request) => {
    const url = request.url()
    if (url.endsWith('.js')) scripts.add(url)
  })
  await page.goto(site.address)
  await waitUntilTranslated(page)
  // What makes the page work without a network.
  scripts.add(`${site.address}service-worker.js`)
  const sizes = [...scripts].map((address): [string, number] => {
    const file = new URL(`../dist/${address.slice(site.address.length)}`, import.meta.url)
    return [address, gzipSync(readFileSync(file), { level: 6 }).length]
  })
  expect(scripts.size).toBeGreaterThanOrEqual(4)
  const total = sizes.reduce((sum, [, size]) => sum + size, 0)
  expect(total, JSON.stringify(sizes, undefined, 1)).toBeLessThanOrEqual(most)
})
