import { longestTask, type Page, reportFigure, test } from '@qkv/end-to-end'
import { quantile } from 'qkv/bench'
import { expectRight, page } from './by-hand-page.ts'

test('an edit', async ({ page: browser }) => {
  await browser.goto(page())
  await expectRight(browser)
  const times: EditTimes[] = []
  const { clock } = await longestTask(browser, async () => {
    for (let round = 0; round < 101; round++) times.push(await timeOfEdit(browser, String((round % 9) + 1.5)))
  })
  const each = { unit: 'ms', goal: 16 }
  reportFigure({
    name: 'by hand: edit to new values',
    value: quantile(
      times.map(({ changed }) => changed),
      0.5,
    ),
    ...each,
  })
  reportFigure({
    name: 'by hand: edit to repaint',
    value: quantile(
      times.map(({ painted }) => painted),
      0.5,
    ),
    ...each,
  })
  reportFigure({ name: 'by hand: longest task while editing', value: clock, unit: 'ms', goal: 50 })
})

interface EditTimes {
  /** Milliseconds from the input event to new numbers in the page, and on the screen. */
  readonly changed: number
  readonly painted: number
}

function timeOfEdit(browser: Page, value: string): Promise<EditTimes> {
  return browser.evaluate(
    (value) =>
      new Promise<EditTimes>((resolve) => {
        const field = document.querySelector<HTMLInputElement>('td input')!
        const output = [...document.querySelectorAll('td button')].at(-1)!.closest('table')!
        const observer = new MutationObserver(() => {
          observer.disconnect()
          const changed = performance.now() - start
          // What is posted in a frame arrives when the frame has been painted.
          const { port1, port2 } = new MessageChannel()
          port1.addEventListener('message', () => resolve({ changed, painted: performance.now() - start }))
          port1.start()
          requestAnimationFrame(() => port2.postMessage(undefined))
        })
        observer.observe(output, { subtree: true, characterData: true, childList: true })
        // As a key press would, outside of a frame.
        let start = 0
        setTimeout(() => {
          field.value = value
          start = performance.now()
          field.dispatchEvent(new InputEvent('input', { bubbles: true }))
        }, Math.random() * 30)
      }),
    value,
  )
}
