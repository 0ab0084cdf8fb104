import { addressOf } from '@qkv/end-to-end'
import { expect, test, waitUntilTranslated } from './site.ts'

test('the shipped models translate machine learning, and back', async ({ page }) => {
  await page.goto(addressOf('translation-demo'))
  await waitUntilTranslated(page)
  await expect(page.locator('.output')).toHaveText(/^machine learning$/i)
  await page.getByRole('button', { name: 'Switch the direction' }).click()
  await waitUntilTranslated(page)
  await page.getByRole('button', { name: 'machine learning', exact: true }).click()
  await waitUntilTranslated(page)
  await expect(page.locator('.output')).toHaveText('机器学习')
})
