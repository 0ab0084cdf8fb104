import type { DocumentField } from '../document/document-field.ts'
import type { PostProcessor } from './post-processor.ts'

/** Several post-processors, one after another; those that add tokens belong at the end. */
export function sequence(processors: readonly PostProcessor[]): PostProcessor {
  return {
    addedTokens: (isPair) => processors.reduce((sum, one) => sum + one.addedTokens(isPair), 0),
    process: (encodings, addSpecialTokens) =>
      processors.reduce((result, one) => one.process(result, addSpecialTokens), encodings),
    toJSON: () => ({ type: 'Sequence', processors: processors.map((one) => one.toJSON()) }),
  }
}

export function readSequence(
  field: DocumentField,
  readNested: (nested: DocumentField) => PostProcessor,
): PostProcessor {
  return sequence(field.at('processors').list().map(readNested))
}
