import { expect, test, translate, waitUntilTranslated } from './site.ts'

test('works without a network once it is loaded, and after a reload', async ({
  opened: page,
  context,
  site,
}) => {
  const panel = page.getByRole('region', { name: 'What computes' })
  await expect(panel).toContainText('works: the page and this model are stored in this browser')
  await context.setOffline(true)
  await page.reload()
  await waitUntilTranslated(page)
  await expect(panel).toContainText('the page is cross-origin isolated')
  await translate(page, '我爱学习。')
  const [wanted] = await site.translators.get('zh-en')!.translate(['我爱学习。'])
  expect((await page.locator('.output').innerText()).trim()).toBe(wanted!.text.trim())
  await context.setOffline(false)
})
