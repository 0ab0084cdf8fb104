import type { DocumentField } from './document-field.ts'

/** Reads one type of stage; `readNested` reads a stage inside it, for sequences. */
export type StageReader<Stage> = (field: DocumentField, readNested: (nested: DocumentField) => Stage) => Stage

/** A reader for all types of one stage: it looks the document's `type` up in the table, and says what is known if it is not there. */
export function stageRegistry<Stage>(
  stage: string,
  readers: Readonly<Record<string, StageReader<Stage>>>,
): (field: DocumentField) => Stage {
  const read = (field: DocumentField): Stage => {
    const type: DocumentField = field.at('type')
    const name = type.string()
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined
    if (reader === undefined) {
      type.reject(
        `a known ${stage}: ${Object.keys(readers).toSorted().join(', ')}`,
        `Convert the document to one of these, or pass a ${stage} of your own to new Tokenizer({ ... }).`,
      )
    }
    return reader(field, read)
  }
  return read
}
