import type { DocumentField } from '../document/document-field.ts'
import { stageRegistry } from '../document/stage-registry.ts'
import { readBertProcessing } from './bert.ts'
import { readByteLevel } from './byte-level.ts'
import type { PostProcessor } from './post-processor.ts'
import { readRobertaProcessing } from './roberta.ts'
import { readSequence } from './sequence.ts'
import { readTemplateProcessing } from './template-processing.ts'

/** Reads any post-processor that this package knows. */
export const readPostProcessor: (field: DocumentField) => PostProcessor = stageRegistry('post-processor', {
  BertProcessing: readBertProcessing,
  ByteLevel: readByteLevel,
  RobertaProcessing: readRobertaProcessing,
  Sequence: readSequence,
  TemplateProcessing: readTemplateProcessing,
})
