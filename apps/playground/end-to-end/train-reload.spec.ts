import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@qkv/end-to-end'
import {
  button,
  download,
  evaluationsOf,
  openTrain,
  stepOf,
  trainToTheEnd,
  withFolder,
} from './train-page.ts'

const weightsOf = (page: Page): Promise<Buffer> =>
  withFolder(async (folder) => readFile(await download(page, 'model.safetensors', folder)))

test('a reload in the middle changes no bit of what comes out', async ({ page }) => {
  test.setTimeout(300_000)
  const state = `steps=300&width=32&longest=6&seed=${1 + Math.floor(Math.random() * 1000)}`
  await openTrain(page, state)
  await button(page, 'Start training').click()
  await trainToTheEnd(page)
  const wanted = { weights: await weightsOf(page), evaluations: await evaluationsOf(page) }
  expect(wanted.evaluations.length).toBeGreaterThan(2)

  await button(page, 'Start anew').click()
  // Looked at in each frame: between two looks of an assertion a quick machine may have come to the end.
  await page.waitForFunction(() =>
    / (50|100|150|200|250):/.test(document.querySelector('[data-testid=saved]')?.textContent ?? ''),
  )
  await page.reload()
  await expect(
    page.getByText(/saved in this browser: “Reverse a sequence”, at step (50|100|150|200|250)\./),
  ).toBeVisible()
  await button(page, 'Go on with it').click()
  await trainToTheEnd(page)
  expect(await evaluationsOf(page)).toEqual(wanted.evaluations)
  expect(Buffer.compare(await weightsOf(page), wanted.weights)).toBe(0)
})

test('pauses, makes single steps, goes on and stops', async ({ page }) => {
  await openTrain(page, 'steps=5000&width=16&heads=2&layers=1')
  await button(page, 'One step').click()
  await expect(page.getByRole('status')).toHaveText('Paused at step 1.')
  await expect(page.getByLabel('Width')).toBeDisabled()
  await button(page, 'One step').click()
  await expect(page.getByRole('status')).toHaveText('Paused at step 2.')
  await button(page, 'Resume').click()
  await expect.poll(() => stepOf(page)).toBeGreaterThan(20)
  await button(page, 'Pause').click()
  await expect(page.getByRole('status')).toContainText('Paused at step')
  const paused = await stepOf(page)
  await page.waitForTimeout(500)
  expect(await stepOf(page)).toBe(paused)
  await expect(page.getByTestId('saved')).toContainText(`Saved up to step ${paused}:`)
  await button(page, 'One step').click()
  await expect(page.getByRole('status')).toHaveText(`Paused at step ${paused + 1}.`)
  await button(page, 'Resume').click()
  await expect.poll(() => stepOf(page)).toBeGreaterThan(paused + 5)
  // While it trains, the model answers between two steps.
  await button(page, 'Ask the model').click()
  await expect(page.getByTestId('answer')).toContainText('The model writes')
  await button(page, 'Stop').click()
  await expect(page.getByRole('status')).toContainText('Stopped at step')
  await expect(page.getByLabel('Width')).toBeEnabled()
  await button(page, 'Ask the model').click()
  await expect(page.getByTestId('answer')).toContainText('The model writes')
})

test('another page of the playground does not end a training', async ({ page }) => {
  await openTrain(page, 'steps=5000&width=16&heads=2&layers=1')
  await button(page, 'Start training').click()
  await expect.poll(() => stepOf(page)).toBeGreaterThan(5)
  await page.getByRole('link', { name: 'By hand' }).click()
  await page.waitForTimeout(1000)
  await page.getByRole('link', { name: 'Train here' }).click()
  await expect(button(page, 'Pause')).toBeVisible()
  expect(await stepOf(page)).toBeGreaterThan(20)
})
