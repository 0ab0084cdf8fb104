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
})
