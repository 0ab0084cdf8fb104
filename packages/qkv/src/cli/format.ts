/** `12,345` */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}

/** `1 step`, `1,200 steps` */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** Columns, the first to the left and numbers to the right. */
export function formatColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((widths, row) => {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell))
    })
    return widths
  }, [])
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 || !isNumber(cell) ? padEnd(cell, widths[column]!) : padStart(cell, widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** How many columns of a terminal a text takes: East Asian wide characters take two, combining ones none. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) {
    if (/\p{Mark}|\p{Control}|\p{Format}/u.test(character)) continue
    width += wide.test(character) ? 2 : 1
  }
  return width
}

/** The blocks of Unicode's East Asian Width that are wide or full-width, and emoji. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text
}

function isNumber(text: string): boolean {
  return /^[-\d][\d.,]*$/.test(text)
}
