import { chooseLanguage, expect, losableGpu, type Page, withSoftwareGpu } from '@qkv/end-to-end'
import { expectNear, open, ready, reference, test } from './inspector-page.ts'
import { numberIn, numbersOfMap } from './tables.ts'
import { button, openTrain, trainToTheEnd } from './train-page.ts'

const small = 'width=32&heads=2&layers=1&longest=7'

test.use({ launchOptions: withSoftwareGpu })

/** A software renderer compiles kernels slowly. */
const patience = { timeout: 30_000 }

async function lossOf(page: Page): Promise<number> {
  return Number(await page.getByTestId('loss').innerText())
}

test('the inspector shows the same numbers on webgpu, and a link keeps the choice', async ({
  page,
  checkAccessibility,
}) => {
  await open(page)
  await page.getByLabel('Backend').selectOption('webgpu')
  await expect(page.getByTestId('computed-by')).toHaveText(/^Computed by webgpu on .*a software renderer/)
  await ready(page, patience)
  await expect(page).toHaveURL(/backend=webgpu/)
  const { candidate, inspection } = await reference()
  await expect(page.getByTestId('translation')).toHaveText(candidate.text)
  const shown = /log-probability (\S+)/.exec(await page.getByTestId('result').innerText())![1]!
  expectNear([numberIn(shown)], [candidate.logProbability])
  await page.getByRole('button', { name: 'Show Cross-attention, layer 2, head 1', exact: true }).click()
  const weights = await numbersOfMap(page, 'Weights: Cross-attention, layer 2, head 1')
  expectNear(weights.flat(), inspection.attention.cross[1]!.heads[0]!.weights)
  await checkAccessibility()
  await chooseLanguage(page, 'zh')
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(page.getByTestId('computed-by')).toContainText('软件渲染器')
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
})

test('the inspector says that its device was lost, and goes on with it anew and with cpu', async ({
  page,
}) => {
  await open(page)
  const gpu = await losableGpu(page, 'inspector.worker')
  await page.getByLabel('Backend').selectOption('webgpu')
  await expect(page.getByTestId('computed-by')).toContainText('webgpu')
  await ready(page, patience)
  const wanted = await page.getByTestId('translation').innerText()
  for (const goOn of [
    () => page.getByRole('button', { name: 'Try again' }).click(),
    () => page.getByLabel('Backend').selectOption('cpu'),
  ]) {
    await gpu.lose()
    await page.getByLabel('Tokens of padding').fill('2')
    await expect(page.getByRole('alert')).toHaveText(/^The backend has lost its device\./)
    await goOn()
    await ready(page, patience)
    await expect(page.getByRole('alert')).toHaveCount(0)
    await expect(page.getByTestId('translation')).toHaveText(wanted)
    await page.getByLabel('Tokens of padding').fill('0')
    await ready(page, patience)
  }
})

test('a training goes on webgpu as it goes on cpu', async ({ page, checkAccessibility }) => {
  await openTrain(page, `${small}&steps=3`)
  await button(page, 'Start training').click()
  await trainToTheEnd(page)
  const wanted = await lossOf(page)
  await page.getByLabel('Backend').selectOption('webgpu')
  await expect(page).toHaveURL(/backend=webgpu/)
  await button(page, 'Start anew').click()
  await expect(page.getByText(/Computed by webgpu on .*a software renderer/)).toBeVisible(patience)
  await trainToTheEnd(page)
  expect(Math.abs((await lossOf(page)) - wanted)).toBeLessThan(1e-3 * wanted)
  await expect(page.getByRole('alert')).toHaveCount(0)
  await button(page, 'Ask the model').click()
  await expect(page.getByTestId('answer')).toContainText('The model writes')
  await checkAccessibility()
})

test('a training whose device is lost says so, and another one starts on cpu', async ({ page }) => {
  await openTrain(page, `${small}&steps=2000&backend=webgpu`)
  const gpu = await losableGpu(page, 'train.worker')
  await button(page, 'Start training').click()
  await expect(page.getByTestId('step')).toHaveText(/^[1-9]/, patience)
  await gpu.lose()
  await expect(page.getByRole('alert')).toHaveText(/^The backend webgpu has lost its device/)
  await page.getByLabel('Backend').selectOption('cpu')
  await page.getByLabel('Steps').fill('3')
  await button(page, 'Start training').click()
  await trainToTheEnd(page)
  await expect(page.getByRole('alert')).toHaveCount(0)
})
