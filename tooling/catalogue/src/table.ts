/** A Markdown table, with bars in cells escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A page that is written by this package and by nobody else. */
export function page(title: string, introduction: string, body: string): string {
  return `# ${title}\n\n<!-- Written by \`npm run catalogue\` from the sources: change those. -->\n\n${introduction}\n\n${body}\n`
}
