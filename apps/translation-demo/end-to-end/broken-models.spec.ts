import type { Route } from '@qkv/end-to-end'
import { expect, test, waitUntilTranslated } from './site.ts'

type Answer = (route: Route) => Promise<void>

async function truncated(route: Route): Promise<void> {
  const response = await route.fetch()
  const body = await response.body()
  await route.fulfill({ response, body: body.subarray(0, body.length / 2) })
}

const html: Answer = (route) =>
  route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Home</title>' })

const broken: readonly (readonly [name: string, file: string, answer: Answer, message: RegExp])[] = [
  ['truncated weights', 'model.safetensors', truncated, /model\.safetensors/],
  [
    'a description that is not JSON',
    'config.json',
    (route) => route.fulfill({ body: '{"format":' }),
    /is not JSON/,
  ],
  [
    'a description of another program',
    'config.json',
    (route) => route.fulfill({ body: '{"model_type":"gpt2"}' }),
    /names no format/,
  ],
  [
    'a missing file',
    'config.json',
    (route) => route.fulfill({ status: 404, body: 'Not found' }),
    /answered with 404/,
  ],
  ['a web page instead of a tokenizer', 'source-tokenizer.json', html, /answered with a web page/],
  ['no connection', 'model.safetensors', (route) => route.abort(), /could not be downloaded/],
]

test.describe('models that cannot be used', () => {
  for (const [name, file, answer, message] of broken) {
    test(`${name}: one sentence, and another try`, async ({ browser, site }) => {
      // A page without the fixture that fails at errors of the console: browsers report a missing file there.
      const context = await browser.newContext({ serviceWorkers: 'block', locale: 'en' })
      const page = await context.newPage()
      await page.route(`**/models/zh-en/${file}*`, answer)
      await page.goto(site.address)
      const alert = page.getByRole('alert')
      await expect(alert).toHaveText(message)
      await expect(alert).toHaveText(/^The model could not be loaded: [^\n]+$/)
      await page.unroute(`**/models/zh-en/${file}*`)
      await page.getByRole('button', { name: 'Try again' }).click()
      await waitUntilTranslated(page)
      await expect(alert).toHaveCount(0)
      await context.close()
    })
  }

  test('files that were damaged in the store of the browser are loaded again', async ({ opened: page }) => {
    await page.evaluate(async () => {
      const store = await caches.open('qkv-models')
      const weights = (await store.keys()).find(({ url }) => url.includes('model.safetensors'))!
      await store.put(weights, new Response(new Uint8Array(100)))
    })
    await page.reload()
    await waitUntilTranslated(page)
    await expect(page.getByRole('alert')).toHaveCount(0)
  })
})
