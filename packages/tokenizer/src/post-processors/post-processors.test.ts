import { expect, test } from 'vitest'
import { DocumentField } from '../document/document-field.ts'
import { concatenate, type Encoding } from '../encoding/encoding.ts'
import type { PostProcessor } from './post-processor.ts'
import { readPostProcessor } from './registry.ts'
import { templateProcessing } from './template-processing.ts'

function encoding(tokens: readonly string[], typeId = 0): Encoding {
  let end = 0
  return {
    ids: tokens.map((_, index) => 10 + index),
    tokens,
    offsets: tokens.map((token) => [end, (end += token.length)] as const),
    typeIds: tokens.map(() => typeId),
    attentionMask: tokens.map(() => 1),
    specialTokensMask: tokens.map(() => 0),
    wordIds: tokens.map((_, index) => index),
    overflowing: [],
  }
}

function read(document: unknown): PostProcessor {
  return readPostProcessor(new DocumentField(document, 'post_processor'))
}

function run(processor: PostProcessor, texts: readonly string[][], addSpecialTokens = true): Encoding {
  return concatenate(
    processor.process(
      texts.map((tokens, index) => encoding(tokens, index)),
      addSpecialTokens,
    ),
  )
}

const BERT = { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] }
const ROBERTA = {
  type: 'RobertaProcessing',
  sep: ['</s>', 2],
  cls: ['<s>', 0],
  trim_offsets: true,
  add_prefix_space: true,
}
const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true }

test('BERT: two types, separators belong to the text before', () => {
  const { tokens, typeIds, specialTokensMask, wordIds } = run(read(BERT), [['a'], ['b', 'c']])
  expect(tokens).toEqual(['[CLS]', 'a', '[SEP]', 'b', 'c', '[SEP]'])
  expect(typeIds).toEqual([0, 0, 0, 1, 1, 1])
  expect(specialTokensMask).toEqual([1, 0, 1, 0, 0, 1])
  expect(wordIds).toEqual([null, 0, null, 0, 1, null])
  expect([read(BERT).addedTokens(false), read(BERT).addedTokens(true)]).toEqual([2, 3])
})

test('RoBERTa: one type, a double separator, offsets without the blank', () => {
  const { tokens, typeIds, offsets } = run(read(ROBERTA), [['Ġa', 'Ġb'], ['c']])
  expect(tokens).toEqual(['<s>', 'Ġa', 'Ġb', '</s>', '</s>', 'c', '</s>'])
  expect(typeIds).toEqual([0, 0, 0, 0, 0, 0, 0])
  expect(offsets.slice(1, 3)).toEqual([
    [0, 2],
    [3, 4],
  ])
})

test('byte level: blanks leave the offsets, but for one that was put in front', () => {
  const trimmed = run(read({ ...BYTE_LEVEL, add_prefix_space: false }), [['Ġa', 'ĠĠ', 'bĠ']])
  expect(trimmed.offsets).toEqual([
    [1, 2],
    [4, 4],
    [4, 5],
  ])
  expect(run(read({ ...BYTE_LEVEL, trim_offsets: false }), [['Ġa']]).offsets).toEqual([[0, 2]])
})

test('templates: any layout, without special tokens if so asked', () => {
  const processor = templateProcessing({
    single: ['<bos>', '$A', '<eos>'],
    pair: ['$B:2', '<eos>:3', '$A'],
    specialTokens: { '<bos>': 1, '<eos>': 2 },
  })
  expect(run(processor, [['a']]).ids).toEqual([1, 10, 2])
  expect(run(processor, [['a']], false).ids).toEqual([10])
  const pair = run(processor, [['a'], ['b']])
  expect(pair.tokens).toEqual(['b', '<eos>', 'a'])
  expect(pair.typeIds).toEqual([2, 3, 0])
  expect(read(processor.toJSON()).toJSON()).toEqual(processor.toJSON())
})

test('a template without an id for its special token is refused', () => {
  expect(() => templateProcessing({ single: ['<bos>', '$A'], specialTokens: { '<eos>': 2 } })).toThrow(
    `templateProcessing: a special token of the template is "<bos>", expected one with an id: <eos>`,
  )
})

test('documents come back as they were', () => {
  const document = { type: 'Sequence', processors: [BYTE_LEVEL, BERT, ROBERTA] }
  expect(read(document).toJSON()).toEqual(document)
  expect(read({ type: 'Sequence', processors: [BYTE_LEVEL, BERT] }).addedTokens(true)).toBe(3)
  expect(() => read({ type: 'X' })).toThrow('expected a known post-processor: BertProcessing, ByteLevel')
  expect(() => read({ ...BERT, sep: [] })).toThrow(
    `'post_processor.sep' is an array of 0 items, expected a token and its id`,
  )
})
