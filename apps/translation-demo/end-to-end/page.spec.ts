import { chooseLanguage, chooseTheme, languages } from '@qkv/end-to-end'
import { expect, test, translate, waitUntilTranslated } from './site.ts'

const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const

for (const language of languages) {
  for (const theme of ['light', 'dark'] as const) {
    for (const [size, viewport] of Object.entries(sizes)) {
      test(`anybody can use it in ${language}, ${theme}, on a ${size}`, async ({
        opened: page,
        checkAccessibility,
      }) => {
        await page.setViewportSize(viewport)
        await chooseLanguage(page, language)
        await chooseTheme(page, theme)
        await expect(page.locator('html')).toHaveAttribute('lang', language === 'zh' ? 'zh-Hans' : 'en')
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(
          language === 'zh' ? '翻译' : 'Translation',
        )
        // A note, and a sentence with pieces of all kinds.
        await translate(page, `他昨天鑫没来上班，${'我们去图书馆看书吧。'.repeat(2)}`)
        const width = await page.evaluate(() => document.documentElement.scrollWidth)
        expect(width).toBeLessThanOrEqual(viewport.width)
        await checkAccessibility()
      })
    }
  }
}

test('a choice of language keeps what was translated', async ({ opened: page }) => {
  await translate(page, '我爱学习。')
  const before = await page.locator('.output').innerText()
  await chooseLanguage(page, 'zh')
  await expect(page.getByRole('heading', { name: '模型在看哪里' })).toBeVisible()
  expect(await page.locator('.output').innerText()).toBe(before)
  await expect(page.getByRole('textbox')).toHaveValue('我爱学习。')
})

test('the keyboard alone reaches everything', async ({ opened: page }) => {
  await page.getByRole('textbox').focus()
  const reached: string[] = []
  for (let presses = 0; presses < 24; presses++) {
    await page.keyboard.press('Tab')
    reached.push(
      await page.evaluate(() => {
        const { activeElement } = document
        return activeElement?.getAttribute('role') ?? activeElement?.tagName.toLowerCase() ?? ''
      }),
    )
  }
  expect(reached.filter((each) => each === 'radio')).toHaveLength(1)
  expect(reached).toContain('select')
  expect(reached).toContain('a')
})

test('without isolation one thread computes the same, and the page says so', async ({ page, site }) => {
  await page.goto(site.plainAddress)
  await waitUntilTranslated(page)
  const panel = page.getByRole('region', { name: 'What computes' })
  await expect(panel).toContainText('the page is not cross-origin isolated')
  await expect(panel.locator('dt', { hasText: 'Threads' }).locator('+ dd')).toHaveText('1')
  const [wanted] = await site.translators.get('zh-en')!.translate(['机器学习'])
  expect((await page.locator('.output').innerText()).trim()).toBe(wanted!.text.trim())
})
