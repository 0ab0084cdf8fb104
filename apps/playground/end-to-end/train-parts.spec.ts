import { chooseLanguage, chooseTheme, expect, languages, type Page, test } from '@qkv/end-to-end'
import { button, openTrain, partBox, partGroups } from './train-page.ts'

const search = (page: Page) => page.getByRole('searchbox', { name: 'Find a part' })
const hits = (page: Page) => page.locator('fieldset > [aria-live=polite]')
const chosen = (page: Page) => page.getByRole('list', { name: 'Chosen parts' }).getByRole('listitem')
const boxes = (page: Page) => partGroups(page).getByRole('checkbox')
const summary = (page: Page, stage: string) =>
  partGroups(page)
    .locator('summary')
    .filter({ hasText: new RegExp(`^\\s*${stage}`) })

test('parts are listed by stage, each with what it is for', async ({ page }) => {
  await openTrain(page)
  await expect(partGroups(page).locator('summary .stage')).toHaveText(
    'Projection Position Score Bias Mask Normalizer Weights Mix Output'.split(' '),
  )
  await expect(boxes(page)).toHaveCount(0)
  await summary(page, 'Position').click()
  const rope = page.getByRole('checkbox', { name: 'rope', exact: true })
  await expect(rope).toHaveAccessibleDescription(/^The usual choice for language models/)
  await summary(page, 'Position').click()
  await expect(boxes(page)).toHaveCount(0)
})

test('a search finds names and descriptions, says how many, and leaves the groups as they were', async ({
  page,
}) => {
  await openTrain(page)
  await summary(page, 'Weights').click()
  await search(page).fill('LONGER training')
  const rows = partGroups(page).getByRole('listitem')
  const texts = await rows.allInnerTexts()
  expect(texts.length).toBeGreaterThan(3)
  for (const row of texts) expect(row.toLowerCase()).toMatch(/longer[^]*training|training[^]*longer/)
  await expect(hits(page)).toHaveText(`${texts.length} parts found.`)
  await expect(page.getByRole('checkbox', { name: 'alibi', exact: true })).toBeVisible()

  await search(page).fill('t5-bias')
  await expect(hits(page)).toHaveText('1 part found.')
  await expect(boxes(page)).toHaveCount(1)
  await search(page).fill('no such part')
  await expect(hits(page)).toHaveText('No part has this in its name or description.')
  await expect(partGroups(page)).toHaveCount(0)
  await search(page).fill('')
  await expect(hits(page)).toHaveText('')
  await expect(partGroups(page)).toHaveCount(9)
  await expect(boxes(page)).toHaveCount(1)
  await expect(page.getByRole('checkbox', { name: 'differential', exact: true })).toBeVisible()
})

test('parts are added and removed, with the keyboard alone, and the focus stays', async ({ page }) => {
  await openTrain(page)
  await expect(chosen(page)).toHaveCount(2)
  await expect(chosen(page).nth(0)).toContainText('The score of almost every Transformer')
  await search(page).focus()
  await page.keyboard.type('t5-bias')
  await page.keyboard.press('Tab')
  await expect(summary(page, 'Bias')).toBeFocused()
  await page.keyboard.press('Tab')
  const added = page.getByRole('checkbox', { name: 't5-bias', exact: true })
  await expect(added).toBeFocused()
  await page.keyboard.press('Space')
  await expect(added).toBeChecked()
  await expect(added).toBeFocused()
  await expect(chosen(page).nth(2)).toContainText('Encoders and decoders that learn which distances matter')
  await expect(page).toHaveURL(/attention=scaled-dot%2Bsinusoidal%2Bt5-bias/)
  await expect(button(page, 'Start training')).toBeEnabled()

  await button(page, 'Remove sinusoidal').focus()
  await page.keyboard.press('Enter')
  await expect(chosen(page)).toHaveCount(2)
  await expect(button(page, 'Remove t5-bias')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(added).not.toBeChecked()
  await expect(button(page, 'Remove scaled-dot')).toBeFocused()
  await expect(page).toHaveURL(/attention=scaled-dot(&|$)/)
  await page.keyboard.press('Enter')
  await expect(chosen(page)).toHaveCount(0)
  await expect(search(page)).toBeFocused()
  await expect(page.getByRole('alert')).toContainText('Attention needs at least one part')
  await expect(button(page, 'Start training')).toBeDisabled()
})

test('what cannot go with the chosen parts says why, and can take their place', async ({ page }) => {
  await openTrain(page)
  const luong = await partBox(page, 'luong')
  await expect(luong).toBeDisabled()
  await expect(luong).toHaveAccessibleDescription(/scaled-dot makes the scores already\.$/)
  // It can be come by, and chosen neither with the keyboard nor with the mouse.
  await luong.focus()
  await page.keyboard.press('Space')
  await page.getByText('luong', { exact: true }).first().click({ force: true })
  await expect(luong).not.toBeChecked()
  await expect(chosen(page).locator('code')).toHaveText(['scaled-dot', 'sinusoidal'])
  await button(page, 'Swap scaled-dot for luong').click()
  await expect(luong).toBeChecked()
  await expect(luong).toBeFocused()
  await expect(chosen(page).locator('code')).toHaveText(['luong', 'sinusoidal'])
  await expect(page).toHaveURL(/attention=luong%2Bsinusoidal/)
  await expect(await partBox(page, 'scaled-dot')).toBeDisabled()
  await expect(page.getByRole('alert')).toHaveCount(0)

  await luong.uncheck()
  await expect(page.getByRole('alert')).toHaveText(/^Nothing compares queries with keys/)
  await expect(button(page, 'Start training')).toBeDisabled()
  await (await partBox(page, 'linear')).check()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(button(page, 'Start training')).toBeEnabled()
  await expect(luong).toHaveAccessibleDescription(/It works on scores, and linear makes none\.$/)
  await expect(await partBox(page, 'sparsemax')).toBeDisabled()
  await expect(await partBox(page, 'rope')).toBeEnabled()
})

test('a link with parts that cannot go together says so at each, and at names that are none', async ({
  page,
}) => {
  await openTrain(page, 'attention=differential%2Balibi%2Bwishful')
  await expect(chosen(page).nth(0)).toContainText('It cannot go with alibi: each head has two maps of scores')
  await expect(chosen(page).nth(1)).toContainText('It cannot go with differential: each head has two maps')
  await expect(chosen(page).nth(2)).toContainText('The page has no part of this name.')
  await button(page, 'Remove wishful').click()
  await button(page, 'Remove alibi').click()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(button(page, 'Start training')).toBeEnabled()
})

test('a link that names a part twice can be mended', async ({ page }) => {
  await openTrain(page, 'attention=scaled-dot%2Brope%2Brope')
  await expect(page.getByRole('alert')).toContainText("has 'rope' twice")
  await button(page, 'Remove rope').last().click()
  await expect(chosen(page).locator('code')).toHaveText(['scaled-dot', 'rope'])
  await expect(button(page, 'Remove rope')).toBeFocused()
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('while a model is trained, the parts can be read and not changed', async ({ page }) => {
  await openTrain(page, 'width=16&heads=2&layers=1&steps=5000')
  await button(page, 'One step').click()
  await expect(page.getByRole('status')).toHaveText('Paused at step 1.')
  await expect(button(page, 'Remove scaled-dot')).toBeDisabled()
  await search(page).fill('rope')
  await expect(page.getByRole('checkbox', { name: 'rope', exact: true })).toBeDisabled()
  await button(page, 'Stop').click()
  await expect(page.getByRole('checkbox', { name: 'rope', exact: true })).toBeEnabled()
})

for (const language of languages) {
  for (const theme of ['light', 'dark'] as const) {
    test(`anybody can choose parts in ${language}, ${theme}`, async ({ page, checkAccessibility }) => {
      await openTrain(page, 'attention=linear%2Balibi')
      for (const group of await partGroups(page).all()) await group.locator('summary').click()
      await chooseTheme(page, theme)
      await chooseLanguage(page, language)
      await expect(page.getByRole('checkbox', { name: 'xpos', exact: true })).toBeVisible()
      await expect(page.locator('summary .stage').first()).toHaveText(
        language === 'zh' ? '投影' : 'Projection',
      )
      await expect(page.getByText('Texts longer than those of training').first()).toHaveAttribute(
        'lang',
        'en',
      )
      await checkAccessibility()
      await page.setViewportSize({ width: 390, height: 844 })
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
    })
  }
}
