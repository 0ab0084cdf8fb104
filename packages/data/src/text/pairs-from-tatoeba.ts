import { DataError, quoteBeginning } from '../data-error.ts'
import type { Pair } from './pair.ts'
import { splitLines } from './split-lines.ts'

/** The three weekly per-language exports of tatoeba.org, unpacked. */
export interface TatoebaExports {
  /** The file `cmn_sentences.tsv` (or another language): id, language, text. */
  readonly sourceSentences: string
  /** The file `eng_sentences.tsv` (or another language): id, language, text. */
  readonly targetSentences: string
  /** The file `cmn-eng_links.tsv`: source id, target id. */
  readonly links: string
}

/** A pair with the sentence numbers that its licence, CC BY 2.0 FR, asks to be named. */
export interface TatoebaPair extends Pair {
  readonly sourceId: string
  readonly targetId: string
}

/**
 * Joins the sentences and links exports of tatoeba.org into pairs, in the order of the links.
 *
 * A link to a sentence that has since been deleted is left out and counted in `missing`.
 * Throws a DataError with the line for a line that has too few columns.
 * Source: https://tatoeba.org/downloads.
 *
 * @example
 * const { pairs } = pairsFromTatoeba({ sourceSentences: '1\tcmn\t我们试试看！\n', targetSentences: '2\teng\tLet us try.\n', links: '1\t2\n' })
 */
export function pairsFromTatoeba(exports: TatoebaExports): { pairs: TatoebaPair[]; missing: number } {
  const sources = sentencesById('sourceSentences', exports.sourceSentences)
  const targets = sentencesById('targetSentences', exports.targetSentences)
  const pairs: TatoebaPair[] = []
  let missing = 0
  for (const [sourceId, targetId] of rows('links', exports.links, 2)) {
    const source = sources.get(sourceId as string)
    const target = targets.get(targetId as string)
    if (source === undefined || target === undefined) missing += 1
    else pairs.push({ source, target, sourceId: sourceId as string, targetId: targetId as string })
  }
  return { pairs, missing }
}

function sentencesById(argument: string, text: string): Map<string, string> {
  return new Map(rows(argument, text, 3).map(([id, , sentence]) => [id as string, sentence as string]))
}

function rows(argument: string, text: string, columns: number): string[][] {
  return splitLines(text).map((line, index) => {
    const row = line.split('\t')
    if (row.length >= columns) return row
    throw new DataError({
      operation: 'pairsFromTatoeba',
      argument,
      got: `has ${row.length} columns in line ${index + 1} (${quoteBeginning(line)})`,
      expected: `${columns} columns with tabs between them`,
      fix: 'pass the unpacked per-language file from tatoeba.org/downloads',
      line: index + 1,
    })
  })
}
