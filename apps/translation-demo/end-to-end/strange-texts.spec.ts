import { expect, test, translate } from './site.ts'
import { longestTrained, maximumLength } from './tiny-models.ts'

test('characters that the model does not know are named', async ({ opened: page }) => {
  await translate(page, '机器鑫学习')
  await expect(page.getByRole('status').filter({ hasText: '鑫' })).toContainText(
    'The model has never seen 鑫',
  )
})

test('a text that is longer than those of the training is translated with a note', async ({
  opened: page,
}) => {
  await translate(page, '机'.repeat(longestTrained))
  await expect(
    page.getByText(`the longest that the model was trained on had ${longestTrained}`),
  ).toBeVisible()
})

test('a text that the model cannot read is refused in a sentence', async ({ opened: page }) => {
  await page.getByRole('textbox').fill('机'.repeat(maximumLength))
  await expect(
    page.getByText(
      `This text has ${maximumLength + 1} pieces, and the model reads at most ${maximumLength}.`,
    ),
  ).toBeVisible()
  await expect(page.locator('tbody tr')).toHaveCount(0)
})

test('a megabyte is refused at once, and the page goes on', async ({ opened: page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const pasted = '<b>机器</b>'.repeat(2 ** 17)
  await page.evaluate((text) => navigator.clipboard.writeText(text), pasted)
  await page.getByRole('textbox').focus()
  await page.keyboard.press('ControlOrMeta+v')
  await expect(page.getByText('That text has 1,179,648 characters')).toBeVisible()
  await expect(page.getByRole('textbox')).toHaveValue('机器学习')
  await translate(page, '我爱你。')
  await expect(page.getByText('That text has')).toHaveCount(0)
})

const hostile = {
  'a script': '<script>globalThis.executed = true</script>',
  'an image': '<img src=x onerror="globalThis.executed = true">',
  'a template': '{{constructor.constructor("globalThis.executed = true")()}} $t(title)',
  'control characters': '机\u0000器\u0007学\u001B[31m习\u202E',
  'half of a character': '机器\uD83D学习\uDE00',
  'marks without end': `机${'\u0301'.repeat(20)}`,
} as const

for (const [name, text] of Object.entries(hostile)) {
  test(`${name} is a text like any other`, async ({ opened: page }) => {
    await translate(page, text.slice(0, maximumLength - 2))
    expect(await page.evaluate(() => 'executed' in globalThis)).toBe(false)
    expect(await page.locator('main script, main img').count()).toBe(0)
    await expect(page.getByRole('alert')).toHaveCount(0)
  })
}

test('Chinese given to the English model is noticed', async ({ opened: page }) => {
  await page.getByRole('button', { name: 'Switch the direction' }).click()
  await page.getByRole('textbox').fill('机器学习')
  await page.getByRole('button', { name: 'Translate from Chinese' }).click()
  await expect(page.getByRole('textbox', { name: 'Chinese' })).toHaveValue('机器学习')
})

test('no text gives no translation', async ({ opened: page }) => {
  await page.getByRole('textbox').fill('  \n ')
  await expect(page.locator('tbody tr')).toHaveCount(0)
  await expect(page.locator('.output')).toHaveText('')
  await expect(page.getByRole('radio')).toHaveCount(0)
})
