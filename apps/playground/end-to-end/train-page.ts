import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { addressOf, expect, type Page } from '@qkv/end-to-end'

type Locator = ReturnType<Page['locator']>

export const trainAddress = (state = '', { isolated = true } = {}): string =>
  `${addressOf('playground', { isolated })}#/train${state === '' ? '' : `?${state}`}`

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** Opens the page, and waits until its worker has said what it can do. */
export async function openTrain(page: Page, state = '', options: { isolated?: boolean } = {}): Promise<void> {
  await page.goto(trainAddress(state, options))
  await expect(partGroups(page).first()).toBeVisible()
}

/** The attention parts by their stages. */
export const partGroups = (page: Page): Locator =>
  page.getByRole('group', { name: 'Attention parts' }).locator('details')

/** The check box of an attention part, in its group, which is opened. */
export async function partBox(page: Page, name: string): Promise<Locator> {
  const box = page.getByRole('checkbox', { name, exact: true })
  if (!(await box.isVisible())) {
    const hidden = page.getByRole('checkbox', { name, exact: true, includeHidden: true })
    await partGroups(page).filter({ has: hidden }).locator('summary').click()
  }
  return box
}

export async function trainToTheEnd(page: Page): Promise<void> {
  await expect(page.getByRole('status')).toContainText('Finished', { timeout: 150_000 })
}

/** How many steps are made. */
export async function stepOf(page: Page): Promise<number> {
  return Number((await page.getByTestId('step').innerText()).split(' of ')[0])
}

/** Rows of the evaluations: step, loss, held-out loss, exact match, as they are written. */
export async function evaluationsOf(page: Page): Promise<string[][]> {
  const table = page.getByTestId('evaluations')
  if (!(await table.isVisible())) await page.getByText('Evaluations as a table').click()
  const rows = await table.locator('tbody tr').all()
  return Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()))
}

/** Saves a file that the page offers, and gives its path. */
export async function download(page: Page, name: string, folder: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), button(page, `Download ${name}`).click()])
  expect(file.suggestedFilename()).toBe(name)
  const path = join(folder, name)
  await file.saveAs(path)
  return path
}

/** Below the app, so that a config in it finds `qkv`. */
export async function withFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(import.meta.dirname, '../node_modules/train-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}
