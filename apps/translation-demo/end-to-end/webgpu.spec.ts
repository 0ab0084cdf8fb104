import { addressOf, chooseLanguage, losableGpu, withSoftwareGpu } from '@qkv/end-to-end'
import { expect, type Page, test, translate, waitUntilTranslated } from './site.ts'

test.use({ launchOptions: withSoftwareGpu })

/** A software renderer compiles kernels slowly. */
const patience = { timeout: 30_000 }

interface Row {
  readonly texts: readonly string[]
  readonly numbers: readonly number[]
}

async function rowsOf(page: Page): Promise<readonly Row[]> {
  const rows = await page.locator('tbody tr').all()
  return Promise.all(
    rows.map(async (row) => ({
      texts: await row.locator('th, td button').allInnerTexts(),
      numbers: (await row.locator('td.number').allInnerTexts()).map(Number),
    })),
  )
}

async function openBackend(page: Page, name: string): Promise<void> {
  await page.getByLabel('Backend').selectOption(name)
  await expect(page.getByText('Opening…')).toHaveCount(0)
  await waitUntilTranslated(page, patience)
}

test('webgpu finds what cpu finds, by beam and greedily, and the panel names the adapter', async ({
  opened: page,
  checkAccessibility,
}) => {
  const panel = page.getByRole('region', { name: 'What computes' })
  await expect(panel).toContainText('WebAssembly')
  const before = await rowsOf(page)
  await openBackend(page, 'webgpu')
  await expect(panel).toContainText('WGSL')
  await expect(panel).toContainText(/swiftshader \(a software renderer on the processor/)
  await expect(page.getByRole('alert')).toHaveCount(0)
  const after = await rowsOf(page)
  expect(after.map(({ texts }) => texts)).toEqual(before.map(({ texts }) => texts))
  for (const [index, { numbers }] of after.entries()) {
    expect(numbers).toHaveLength(2)
    for (const [column, value] of numbers.entries()) {
      expect(value).toBeCloseTo(before[index]!.numbers[column]!, 2)
    }
  }
  await translate(page, '我爱机器学习。')
  await checkAccessibility()
  await chooseLanguage(page, 'zh')
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(page.getByText(/swiftshader（软件渲染器/)).toBeVisible()
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
})

test('the shipped weights of eight bits translate on webgpu', async ({ page }) => {
  await page.goto(addressOf('translation-demo'))
  await waitUntilTranslated(page)
  await openBackend(page, 'webgpu')
  await expect(page.locator('.output')).toHaveText(/^machine learning$/i)
})

test('a device that is lost is told of; trying again opens it anew, and so does cpu', async ({
  opened: page,
}) => {
  const gpu = await losableGpu(page, 'engine.worker')
  const wanted = await page.locator('.output').innerText()
  const alert = page.getByRole('alert')
  await openBackend(page, 'webgpu')
  for (const goOn of [
    () => page.getByRole('button', { name: 'Try again' }).click(),
    () => page.getByLabel('Backend').selectOption('cpu'),
  ]) {
    await gpu.lose()
    await page.getByRole('button', { name: '机器学习' }).click()
    await expect(alert).toHaveText(/^The backend webgpu has lost its device\. Try again .* was lost/)
    await goOn()
    await expect(alert).toHaveCount(0)
    await waitUntilTranslated(page, patience)
    expect(await page.locator('.output').innerText()).toBe(wanted)
  }
  await expect(page.getByLabel('Backend')).toHaveValue('cpu')
})

test('code that does not load is told of, and the backend before goes on', async ({ browser, site }) => {
  // A page without the fixture that fails at errors of the console: browsers report a missing file there.
  const context = await browser.newContext({ serviceWorkers: 'block', locale: 'en' })
  const page = await context.newPage()
  await page.goto(site.address)
  await waitUntilTranslated(page)
  await page.route('**/*.js', (route) => route.abort())
  await page.getByLabel('Backend').selectOption('webgpu')
  await expect(page.getByRole('alert')).toHaveText(/could not be opened: .*'package' did not load/)
  await expect(page.getByLabel('Backend')).toHaveValue('cpu')
  await translate(page, '你爱学习吗？')
  await context.close()
})
