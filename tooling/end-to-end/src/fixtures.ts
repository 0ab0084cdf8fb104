import { AxeBuilder } from '@axe-core/playwright'
import { test as base, expect } from '@playwright/test'

export { expect, type Page, type Route } from '@playwright/test'

interface Fixtures {
  /** Fails the test where the page wrote an error to the console, or threw one that nobody caught. */
  readonly noErrors: void
  /** Fails where axe finds something on the open page that people with disabilities could not use. */
  readonly checkAccessibility: () => Promise<void>
}

/** Playwright's test; a page that complains in its console fails it. */
export const test = base.extend<Fixtures>({
  noErrors: [
    async ({ page }, use) => {
      const errors: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text())
      })
      page.on('pageerror', (error) => errors.push(String(error)))
      await use()
      expect(errors).toEqual([])
    },
    { auto: true },
  ],
  checkAccessibility: async ({ page }, use) => {
    await use(async () => {
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
        [],
      )
    })
  },
})
