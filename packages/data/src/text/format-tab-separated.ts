import { DataError, quoteBeginning } from '../data-error.ts'
import type { Pair } from './pair.ts'

/**
 * Writes pairs as the tab-separated text that {@link parseTabSeparated} reads, one pair per line.
 *
 * Throws a DataError when a sentence holds a tab or a line break, which this form cannot hold.
 *
 * @example
 * formatTabSeparated([{ source: '你好。', target: 'Hello.' }]) // '你好。\tHello.\n'
 */
export function formatTabSeparated(pairs: readonly Pair[]): string {
  return pairs
    .map(({ source, target }, index) => {
      for (const sentence of [source, target])
        if (/[\t\n\r]/.test(sentence)) throw unwritableError(sentence, index)
      return `${source}\t${target}\n`
    })
    .join('')
}

function unwritableError(sentence: string, index: number): DataError {
  return new DataError({
    operation: 'formatTabSeparated',
    argument: 'pairs',
    got: `holds a tab or a line break in pair ${index} (${quoteBeginning(sentence)})`,
    expected: 'sentences of one line without tabs',
    fix: 'replace the tab or the line break by a space',
  })
}
