import { existsSync, readFileSync } from 'node:fs'
import { env } from 'node:process'
import { decoders, models, preTokenizers, Tokenizer } from '@qkv/tokenizer'
import { expect, test } from 'vitest'

/** Real vocabularies, with the ids that other libraries give for 201 strings. */
const folder = `${env['QKV_DATA'] ?? new URL('../../../../../shared/data', import.meta.url).pathname}/tokenizers`
const reason = `the data folder is not there: ${folder} (set QKV_DATA)`

interface Expected {
  readonly cases: readonly {
    readonly id: string
    readonly ids: readonly number[]
    readonly with_special?: readonly number[]
    readonly decoded: string
    readonly disputed?: boolean
  }[]
  readonly pairs?: readonly {
    readonly a: string
    readonly b: string
    readonly ids: readonly number[]
    readonly type_ids: readonly number[]
  }[]
}

function read(path: string): string {
  return readFileSync(`${folder}/${path}`, 'utf8')
}

function readDocument(name: string): Tokenizer {
  return Tokenizer.fromJSON(read(`${name}/tokenizer.json`))
}

function readGpt2(): Tokenizer {
  const lines = read('gpt2/merges.txt').split('\n')
  return new Tokenizer({
    model: models.bpe({
      vocabulary: JSON.parse(read('gpt2/vocab.json')) as Record<string, number>,
      merges: lines.filter((line) => line !== '' && !line.startsWith('#version')),
    }),
    preTokenizer: preTokenizers.byteLevel(),
    decoder: decoders.byteLevel(),
    addedTokens: [{ id: 50256, content: '<|endoftext|>', special: true }],
  })
}

function readBert(name: string): Tokenizer {
  const vocabulary = Object.fromEntries(
    read(`${name}/vocab.txt`)
      .trimEnd()
      .split(/\r?\n/u)
      .map((token, id) => [token, id]),
  )
  const specials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
  return Tokenizer.fromJSON({
    added_tokens: specials.map((content) => ({ id: vocabulary[content], content, special: true })),
    normalizer: { type: 'BertNormalizer', lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'BertProcessing',
      sep: ['[SEP]', vocabulary['[SEP]']],
      cls: ['[CLS]', vocabulary['[CLS]']],
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: { type: 'WordPiece', unk_token: '[UNK]', vocab: vocabulary },
  })
}

const READERS: Readonly<Record<string, () => Tokenizer>> = {
  gpt2: readGpt2,
  'roberta-base': () => readDocument('roberta-base'),
  'phi-3-mini': () => readDocument('phi-3-mini'),
  't5-small': () => readDocument('t5-small'),
  'bert-base-uncased': () => readBert('bert-base-uncased'),
  'bert-base-chinese': () => readBert('bert-base-chinese'),
}

for (const [name, readTokenizer] of Object.entries(READERS)) {
  test(`${name}: ids, special tokens and decoded text as other libraries have them`, (context) => {
    if (!existsSync(folder)) context.skip(reason)
    const strings = JSON.parse(read('strings.json')) as { id: string; text: string }[]
    const texts = new Map(strings.map(({ id, text }) => [id, text]))
    const expected = JSON.parse(read(`expected/${name}.json`)) as Expected
    const tokenizer = readTokenizer()
    // Where the references differ from each other there is nothing to compare with.
    const cases = expected.cases.filter(({ disputed }) => disputed !== true)
    expect(cases.length).toBeGreaterThan(190)
    const got = cases.map(({ id, ids, with_special }) => {
      const text = texts.get(id)!
      const plain = tokenizer.encode(text, { addSpecialTokens: false }).ids
      const special = with_special === undefined ? {} : { with_special: tokenizer.encode(text).ids }
      return { id, ids: plain, ...special, decoded: tokenizer.decode(ids) }
    })
    expect(got).toEqual(cases)
    const pairs = (expected.pairs ?? []).map(({ a, b }) => {
      const { ids, typeIds } = tokenizer.encode(texts.get(a)!, { pair: texts.get(b)! })
      return { ids, type_ids: typeIds }
    })
    expect(pairs).toEqual((expected.pairs ?? []).map(({ ids, type_ids }) => ({ ids, type_ids })))
    const again = Tokenizer.fromJSON(JSON.stringify(tokenizer))
    expect(again.encode(strings[0]!.text)).toEqual(tokenizer.encode(strings[0]!.text))
  })
}
