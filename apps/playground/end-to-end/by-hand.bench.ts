import { longestTask, type Page, reportFigure, test } from '@qkv/end-to-end'
import { quantile } from 'qkv/bench'
import { expectRight, page } from './by-hand-page.ts'

test('an edit', async ({ page: browser }) => {
  await browser.goto(page())
  await expectRight(browser)
  const edits = async (): Promise<readonly EditTimes[]> => {
    const times: EditTimes[] = []
    for (let round = 0; round < 101; round++) times.push(await timeOfEdit(browser, String((round % 9) + 1.5)))
    return times
  }
  const times = await edits()
  // Tracing takes its time, too.
  const { clock } = await longestTask(browser, async () => void (await edits()))
  const medianOf = (name: keyof EditTimes): number =>
    quantile(
      times.map((each) => each[name]),
      0.5,
    )
  const own = { unit: 'ms', goal: 16 }
  reportFigure({ name: 'by hand: edit to new values', value: medianOf('changed'), ...own })
  reportFigure({ name: 'by hand: edit to repaint', value: medianOf('worked'), ...own })
  // A screen of 60 pictures a second has waited 8 ms on average when there is something new to show.
  reportFigure({
    name: 'by hand: edit to repaint, and the wait for the next frame of the screen',
    value: medianOf('painted'),
    unit: 'ms',
  })
  reportFigure({ name: 'by hand: longest task while editing', value: clock, unit: 'ms', goal: 50 })
})

/** Milliseconds from the input event. */
interface EditTimes {
  /** To new numbers in the page. */
  readonly changed: number
  /** To these, and from the beginning of the next frame until it is painted. */
  readonly worked: number
  /** To the painted frame. */
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
          let frame = 0
          // What is posted in a frame arrives when the frame has been painted.
          const { port1, port2 } = new MessageChannel()
          port1.addEventListener('message', () => {
            const painted = performance.now() - start
            resolve({ changed, worked: changed + painted - frame, painted })
          })
          port1.start()
          requestAnimationFrame(() => {
            frame = performance.now() - start
            port2.postMessage(undefined)
          })
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
