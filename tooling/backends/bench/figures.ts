import { openDevice } from '@qkv/tensor'
import { markdownOf, softwareNote, suites, tableOf } from 'qkv/bench/measuring'
import { describe, expect, test } from 'vitest'
import { pageCells } from '../src/cells.ts'

const seconds = 0.5

describe.each(pageCells)('$name', ({ name, plugin }) => {
  test.each(suites.map((suite) => ({ suite, title: suite.name })))('$title', async ({ suite }) => {
    const device = await openDevice({ backend: plugin })
    try {
      const note = softwareNote(device)
      if (note !== undefined) console.info(note)
      let count = 0
      await suite.run([{ device, threads: 1, simd: null }], seconds, (results) => {
        count += results.length
        console.info(`${name}, ${suite.name}\n${markdownOf(tableOf(results))}`)
      })
      expect(count).toBeGreaterThan(0)
    } finally {
      await device.dispose()
    }
  })
})
