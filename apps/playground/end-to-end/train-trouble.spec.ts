import { expect, test } from '@qkv/end-to-end'
import { button, openTrain, partBox, stepOf, trainAddress, trainToTheEnd } from './train-page.ts'

const small = 'width=16&heads=2&layers=1&longest=5'

test('a hostile address gives the usual settings and one sentence', async ({ page }) => {
  page.on('dialog', () => expect(false, 'a dialog opened').toBe(true))
  const hostile = new URLSearchParams({
    task: '<img src=x onerror=alert(1)>',
    width: '1e99',
    heads: '-4',
    attention: '../../etc/passwd+<script>',
    seed: '9'.repeat(5000),
    __proto__: 'x',
    ['<b>'.repeat(50)]: 'x',
  })
  await openTrain(page, `${hostile}&constructor=1`)
  const alert = page.getByRole('alert')
  await expect(alert).toHaveCount(1)
  await expect(alert).toContainText('task, width, heads, attention, seed')
  await expect(page.getByLabel('Width')).toHaveValue('64')
  await expect(page.getByLabel('Task')).toHaveValue('reverse')
  await expect(button(page, 'Start training')).toBeEnabled()
})

test('settings are kept in the address', async ({ page }) => {
  await openTrain(page)
  await page.getByLabel('Task').selectOption('sort')
  await page.getByLabel('Width').fill('48')
  await (await partBox(page, 'sinusoidal')).uncheck()
  await (await partBox(page, 'rope')).check()
  await expect(page).toHaveURL(/task=sort/)
  await expect(page).toHaveURL(/attention=scaled-dot%2Brope/)
  await page.reload()
  await expect(page.getByLabel('Task')).toHaveValue('sort')
  await expect(page.getByLabel('Width')).toHaveValue('48')
  await expect(await partBox(page, 'rope')).toBeChecked()
  await expect(await partBox(page, 'sinusoidal')).not.toBeChecked()
})

test("settings that cannot work are refused in the library's words", async ({ page }) => {
  await openTrain(page)
  const alert = page.getByRole('alert')
  await page.getByLabel('Heads', { exact: true }).fill('3')
  await expect(alert).toHaveText(/heads.* is 3, expected a number that divides the width 64/)
  await expect(button(page, 'Start training')).toBeDisabled()
  await page.getByLabel('Heads', { exact: true }).fill('2')
  await expect(alert).toHaveCount(0)
  await expect(button(page, 'Start training')).toBeEnabled()
  // The form does not let it be chosen; a link may say it.
  await page.goto(trainAddress('attention=scaled-dot%2Bluong%2Bsinusoidal'))
  await page.reload()
  await expect(alert).toContainText("claimed by 'scaled-dot' and 'luong'")
  await expect(button(page, 'Start training')).toBeDisabled()
  await (await partBox(page, 'luong')).uncheck()
  await expect(alert).toHaveCount(0)
  await page.getByLabel('Steps').fill('')
  await expect(alert).toHaveText('Steps must be a whole number from 1 to 20000.')
  await expect(button(page, 'Start training')).toBeDisabled()
  await page.goto(trainAddress('attention=scaled-dot%2Bwishful'))
  await page.reload()
  await expect(alert).toContainText("has 'wishful'")
})

test('attention without weights trains, and says why there is no map', async ({ page }) => {
  await openTrain(page, `${small}&steps=20&attention=linear%2Bsinusoidal`)
  await button(page, 'Start training').click()
  await trainToTheEnd(page)
  await expect(page.getByText(/no score matrix|without a score matrix/)).toBeVisible()
})

test('a divergence is told, and the model of the step before stays', async ({ page }) => {
  await openTrain(page, `${small}&steps=400&learningRate=1e38`)
  await button(page, 'Start training').click()
  await expect(page.getByRole('alert')).toContainText('expected a finite number')
  await expect(page.getByRole('status')).toContainText('Stopped at step')
  await expect(button(page, 'Download model.safetensors')).toBeEnabled()
})

test('a worker that dies is told of, and its last save goes on', async ({ page }) => {
  await openTrain(page, `${small}&steps=3000`)
  await button(page, 'Start training').click()
  await expect(page.getByTestId('saved')).toBeVisible()
  const worker = page.workers().find((each) => each.url().includes('train.worker'))!
  await worker.evaluate(
    () =>
      void setTimeout(() => {
        throw new Error('out of memory')
      }),
  )
  await expect(page.getByRole('alert')).toContainText('out of memory')
  await expect(page.getByText(/saved in this browser/)).toBeVisible()
  await button(page, 'Go on with it').click()
  await expect.poll(() => stepOf(page)).toBeGreaterThan(60)
})

test('storage that is full is told of, and the training goes on', async ({ page }) => {
  await openTrain(page, `${small}&steps=120`)
  const worker = page.workers().find((each) => each.url().includes('train.worker'))!
  await worker.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('The disk is full.', 'QuotaExceededError')
    }
  })
  await button(page, 'Start training').click()
  await trainToTheEnd(page)
  await expect(page.getByRole('alert')).toContainText('The disk is full.')
  await expect(page.getByTestId('saved')).toHaveCount(0)
})

test('any text may be asked', async ({ page }) => {
  page.on('dialog', () => expect(false, 'a dialog opened').toBe(true))
  await openTrain(page, `${small}&steps=5`)
  await button(page, 'Start training').click()
  await trainToTheEnd(page)
  for (const hostile of ['<img src=x onerror=alert(1)>', '\u0000\u202E\uD800', '机器学习 🧑‍🏫']) {
    await page.getByLabel('Your own input').fill(hostile)
    await button(page, 'Ask the model').click()
    await expect(page.getByTestId('answer')).toContainText('The model writes')
  }
  await page.getByLabel('Your own input').fill('1'.repeat(400))
  await button(page, 'Ask the model').click()
  await expect(page.getByRole('alert')).toContainText('expected at most 64')
})

test('without isolation it says so, and computes the same on one thread', async ({ page }) => {
  const state = `${small}&steps=20`
  await openTrain(page, state)
  await button(page, 'Start training').click()
  await trainToTheEnd(page)
  const wanted = await page.getByTestId('loss').innerText()
  await openTrain(page, state, { isolated: false })
  await expect(page.getByText('computes on one thread')).toBeVisible()
  await button(page, 'Start training').click()
  await trainToTheEnd(page)
  await expect(page.getByText('Computed by cpu on one thread.')).toBeVisible()
  expect(await page.getByTestId('loss').innerText()).toBe(wanted)
})
