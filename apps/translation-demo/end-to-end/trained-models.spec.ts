import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { addressOf } from '@qkv/end-to-end'
import { expect, test, waitUntilTranslated } from './site.ts'

const weights = ['zh-en', 'en-zh'].map((direction) =>
  fileURLToPath(new URL(`../dist/models/${direction}/model.safetensors`, import.meta.url)),
)

test.describe('the models that are shipped', () => {
  test.skip(!weights.every(existsSync), 'the trained models are not in this checkout')

  test('machine learning, and back', async ({ page }) => {
    await page.goto(addressOf('translation-demo'))
    await waitUntilTranslated(page)
    await expect(page.locator('.output')).toHaveText(/^machine learning$/i)
    await page.getByRole('button', { name: 'Switch the direction' }).click()
    await waitUntilTranslated(page)
    await page.getByRole('button', { name: 'machine learning', exact: true }).click()
    await waitUntilTranslated(page)
    await expect(page.locator('.output')).toHaveText('机器学习')
  })

  test('a short sentence takes 300 ms', async ({ page }) => {
    await page.goto(addressOf('translation-demo'))
    await waitUntilTranslated(page)
    const seconds: number[] = []
    for (const text of ['我爱你。', '今天天气很好。', '你会说英语吗？', '我爱你。', '今天天气很好。']) {
      await page.getByRole('button', { name: text }).click()
      await waitUntilTranslated(page)
      seconds.push(Number(/Beam of 4: ([\d.]+) s/.exec(await page.locator('.facts').innerText())![1]))
    }
    expect(Math.min(...seconds)).toBeLessThanOrEqual(0.3)
  })
})
