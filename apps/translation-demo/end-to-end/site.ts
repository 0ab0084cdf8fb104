import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCpuBackend } from '@qkv/backend-cpu'
import { expect, type Page, test as base } from '@qkv/end-to-end'
import { loadTranslator, modelFilesFromMemory, type Translator } from '@qkv/pipelines'
import { serve } from '@qkv/serve'
import { Device } from '@qkv/tensor'
import { createTinyModels, writeModels } from './tiny-models.ts'

export { expect, type Page } from '@qkv/end-to-end'

/** The built page with models that are made for the tests, below a path that the build knows nothing of. */
interface Site {
  readonly address: string
  /** The same without the headers that let pages share memory. */
  readonly plainAddress: string
  /** The library, on the same files, in this process. */
  readonly translators: ReadonlyMap<string, Translator>
  /** Stops answering, as when the network is gone. */
  disconnect(): void
}

const built = fileURLToPath(new URL('../dist/', import.meta.url))
const path = '/some/where/else/'

export const test = base.extend<{ opened: Page }, { site: Site }>({
  site: [
    // Playwright reads from the first parameter which fixtures this one needs: none.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'qkv-site-'))
      await cp(built, folder, {
        recursive: true,
        filter: (source) => !source.startsWith(join(built, 'models')),
      })
      const models = await createTinyModels()
      await writeModels(models, join(folder, 'models'))
      const device = new Device(createCpuBackend())
      const translators = new Map<string, Translator>()
      for (const [direction, files] of models) {
        translators.set(direction, await loadTranslator(modelFilesFromMemory(files, direction), { device }))
      }
      const served = [{ path, folder }]
      const isolated = await serve({ port: 0, served })
      const plain = await serve({ port: 0, isolated: false, served })
      const close = (): void => {
        for (const { server } of [isolated, plain]) {
          server.close()
          server.closeAllConnections()
        }
      }
      await use({
        address: isolated.address + path,
        plainAddress: plain.address + path,
        translators,
        disconnect: close,
      })
      close()
      await device.dispose()
      await rm(folder, { recursive: true })
    },
    { scope: 'worker' },
  ],
  /** The page, once it has translated the sentence that it begins with. */
  opened: async ({ page, site }, use) => {
    await page.goto(site.address)
    await waitUntilTranslated(page)
    await use(page)
  },
})

/** Resolves when the table shows the beam and what greedy search found, and the attention has come. */
export async function waitUntilTranslated(page: Page, { timeout = 15_000 } = {}): Promise<void> {
  await expect(page.getByRole('row', { name: /^(greedy|贪心)/ })).toBeVisible({ timeout })
  await expect(page.locator('.readout')).not.toBeEmpty({ timeout })
}

/** Translates another sentence as a person does. */
export async function translate(page: Page, text: string): Promise<void> {
  // From here on the page is busy with this text, however short a time.
  const begun = await page.evaluateHandle(() => ({
    typed: new Promise<void>((resolve) => {
      addEventListener('input', () => setTimeout(resolve), { once: true })
    }),
  }))
  await page.getByRole('textbox').fill(text)
  await begun.evaluate(({ typed }) => typed)
  await expect(page.locator('.output')).toHaveAttribute('aria-busy', 'false')
  await waitUntilTranslated(page)
}
