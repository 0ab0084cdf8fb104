import { expect, test, waitUntilTranslated } from './site.ts'

const withoutGpu = "Object.defineProperty(WorkerNavigator.prototype, 'gpu', { value: undefined });\n"
const withoutAdapter = 'GPU.prototype.requestAdapter = async () => null;\n'

test.use({ serviceWorkers: 'block' })

for (const [name, before, reason] of [
  ['WebGPU', withoutGpu, /webgpu: 'gpu' is missing: this page has no `navigator.gpu`/],
  ['a GPU that it may use', withoutAdapter, /webgpu: 'adapter' is null/],
] as const) {
  test(`a browser without ${name} says so, and loads none of the code`, async ({ page, site }) => {
    const scripts: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('.js')) scripts.push(request.url())
    })
    await page.route('**/engine.worker*.js', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: before + (await response.text()) })
    })
    await page.goto(site.address)
    await waitUntilTranslated(page)
    const panel = page.getByRole('region', { name: 'What computes' })
    await expect(panel).toContainText(reason)
    await expect(panel.locator('option')).toHaveText(['cpu', 'webgpu', 'reference'])
    await expect(panel.locator('option:disabled')).toHaveText('webgpu')
    await expect(panel.getByLabel('Backend')).toHaveValue('cpu')
    // The page, its worker, and the kernels of cpu.
    expect(scripts).toHaveLength(3)
  })
}
