import { expect, type Page } from '@qkv/end-to-end'

type Locator = ReturnType<Page['locator']>

/** A number as the pages write it. */
export function numberIn(text: string): number {
  const value = Number(text.trim().replaceAll('−', '-').replace('∞', 'Infinity'))
  expect(value, `"${text}" is a number`).not.toBeNaN()
  return value
}

/** All numbers of a table, row by row; of fields, what is written in them. */
export async function numbersOf(table: Locator): Promise<number[][]> {
  await expect(table).toBeVisible()
  const rows = await table
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('td')].map(
          (cell) =>
            cell.querySelector('input')?.value ??
            cell.querySelector('button, .number')?.textContent ??
            cell.textContent,
        ),
      ),
    )
  return rows.map((row) => row.map(numberIn))
}

/** The picture of numbers that has this name. */
export const mapNamed = (page: Page, name: string): Locator =>
  page.locator('figure').filter({ has: page.getByRole('grid', { name, exact: true }) })

/** The numbers of a map, from its table, which is opened; page by page where it has more than one. */
export async function numbersOfMap(page: Page, name: string): Promise<number[][]> {
  const map = mapNamed(page, name)
  const table = map.getByRole('table')
  if (!(await table.isVisible())) await map.getByText('As a table').click()
  await expect(table).toBeVisible()
  const pages = await map.getByLabel('Rows').locator('option').allTextContents()
  if (pages.length === 0) return numbersOf(table)
  const rows: number[][] = []
  for (const label of pages) {
    await map.getByLabel('Rows').selectOption({ label })
    const [first, last] = label.split('–')
    await expect(table.locator('tbody th').first()).toHaveText(first!)
    await expect(table.locator('tbody th').last()).toHaveText(last ?? first!)
    rows.push(...(await numbersOf(table)))
  }
  return rows
}

/** Four decimals are shown, two digits where the exponent is. */
export function expectClose(
  got: readonly (readonly number[])[],
  wanted: readonly (readonly number[])[],
): void {
  expect(got.map((row) => row.length)).toEqual(wanted.map((row) => row.length))
  for (const [row, numbers] of wanted.entries()) {
    for (const [column, value] of numbers.entries()) {
      const shown = got[row]![column]!
      const place = `row ${row}, column ${column}: ${shown} for ${value}`
      if (!Number.isFinite(value)) expect(shown, place).toBe(value)
      else
        expect(Math.abs(shown - value), place).toBeLessThanOrEqual(
          6e-5 + Math.abs(value) * (Math.abs(value) >= 1e7 ? 0.06 : 0),
        )
    }
  }
}

export function randomWhole(low: number, high: number): number {
  return low + Math.floor(Math.random() * (high - low + 1))
}

/** Saves a picture with a button, and gives its bytes and its name. */
export async function download(
  page: Page,
  button: Locator,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const started = page.waitForEvent('download')
  await button.click()
  const file = await started
  const chunks: Buffer[] = []
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer)
  return { name: file.suggestedFilename(), bytes: Buffer.concat(chunks) }
}

/** Reads a picture as a browser does: its size when it is one; an SVG must be well formed, and hold no script. */
export async function sizeOfPicture(
  page: Page,
  { name, bytes }: { readonly name: string; readonly bytes: Buffer },
): Promise<{ readonly width: number; readonly height: number }> {
  const type = name.endsWith('.svg') ? 'image/svg+xml' : 'image/png'
  if (name.endsWith('.svg')) {
    const wrong = await page.evaluate((text) => {
      const document = new DOMParser().parseFromString(text, 'image/svg+xml')
      return document.querySelectorAll('parsererror, script, foreignObject').length
    }, bytes.toString('utf8'))
    expect(wrong).toBe(0)
  } else expect([...bytes.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return page.evaluate(
    async (address) => {
      const image = new Image()
      image.src = address
      await image.decode()
      return { width: image.naturalWidth, height: image.naturalHeight }
    },
    `data:${type};base64,${bytes.toString('base64')}`,
  )
}
