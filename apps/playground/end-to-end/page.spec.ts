import { addressOf, chooseLanguage, expect, languages, test } from '@qkv/end-to-end'

for (const language of languages) {
  test(`opens in ${language}, and anybody can use it`, async ({ page, checkAccessibility }) => {
    await page.goto(addressOf('playground'))
    await chooseLanguage(page, language)
    await expect(page.locator('html')).toHaveAttribute('lang', language === 'zh' ? 'zh-Hans' : 'en')
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await checkAccessibility()
  })
}
