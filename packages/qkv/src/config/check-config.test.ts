import { expect, test } from 'vitest'
import { ConfigError } from '../errors/config-error.ts'
import { checkConfig } from './check-config.ts'

const data = 'phrase-book'

test('accepts the smallest config, and every form of data', () => {
  expect(checkConfig({ data })).toEqual({ data })
  for (const train of [
    'a.tsv',
    ['a.tsv', 'b.tsv'],
    { path: 'a.tsv', sourceColumn: 1 },
    { source: 'a', target: 'b' },
    ['a.tsv', { corpus: 'phrase-book', seed: 2 }],
  ] as const) {
    expect(checkConfig({ data: { train, validation: 20 } })).toEqual({ data: { train, validation: 20 } })
  }
})

test.each([
  [{}, "config: 'data' is missing, expected 'phrase-book', "],
  [
    { data, traner: {} },
    "'traner' is {}, but there is no such field, expected one of name, output, backend, data",
  ],
  [{ data, traner: {} }, "Did you mean 'trainer'?"],
  [{ data, trainer: { optimiser: 'adam' } }, '\'trainer.optimiser\' is "adam", but there is no such field'],
  [
    { data, trainer: { optimizer: 'adamx' } },
    "'trainer.optimizer' is \"adamx\", expected 'adamw', 'adam', 'sgd', 'lion'",
  ],
  [{ data, trainer: { optimizer: 'adamx' } }, "Did you mean 'adamw'?"],
  [{ data, trainer: { optimizer: { type: 'sgd', momentun: 0.9 } } }, "'trainer.optimizer.momentun' is 0.9"],
  [{ data, trainer: { optimizer: { type: 'sgd', momentun: 0.9 } } }, "Did you mean 'momentum'?"],
  [{ data, trainer: { learningRate: -1 } }, "'trainer.learningRate' is -1, expected a number above 0"],
  [{ data, trainer: { learningRate: '1e-3' } }, '\'trainer.learningRate\' is "1e-3", expected a number'],
  [{ data, trainer: { clipNorm: 'non' } }, "expected a number or 'none'. Did you mean 'none'?"],
  [{ data, trainer: { steps: 10, epochs: 1 } }, "'trainer.steps' is 10 beside epochs 1"],
  [{ data, model: { type: 'transformer', width: 0 } }, "'model.width' is 0, expected a number of at least 1"],
  [{ data, model: { type: 'transformer', width: 1.5 } }, "'model.width' is 1.5, expected a whole number"],
  [
    { data, model: { type: 'transformer', width: 30, heads: 4 } },
    "'model.heads' is 4, expected a number that divides",
  ],
  [{ data, model: { type: 'transformer', feedForward: 'rely' } }, "Did you mean 'relu'?"],
  [{ data, model: { type: 'gpt' } }, "'model.type' is \"gpt\", expected 'transformer'"],
  [
    { data, model: { type: 'transformer', attention: [] } },
    "'model.attention' is [], expected at least 1 item",
  ],
  [
    { data, model: { type: 'transformer', attention: [3] } },
    "'model.attention[0]' is 3, expected a text or { part, options }",
  ],
  [
    { data, tokenizer: { type: 'byte-level-bpe', vocabularySize: 100 } },
    'is 100, expected a number of at least 259',
  ],
  [{ data, tokenizer: { type: 'byte-level-bpe', vocabulary: 300 } }, "Did you mean 'vocabularySize'?"],
  [{ data: { train: { path: 'a.tsv', sourceColum: 1 } } }, "Did you mean 'sourceColumn'?"],
  [{ data: { train: 'a.tsv', validation: 0 } }, "'data.validation' is 0, expected a number of at least 1"],
  [{ data: { trian: 'a.tsv' } }, '\'data.trian\' is "a.tsv", but there is no such field'],
  [{ data: { trian: 'a.tsv' } }, "Did you mean 'train'?"],
  [
    { data, tokenizer: { type: 'character-level', vocabularySize: 3 } },
    'is 3, expected a number of at least 5',
  ],
  [
    { data, tokenizer: { type: 'byte-level-bpe', vocabularySize: 300, dropout: 1 } },
    "'tokenizer.dropout' is 1, expected a number below 1",
  ],
  [
    { data, tokenizer: { type: 'character-level', vocabularySize: 300, dropout: 0.1 } },
    "'tokenizer.dropout' is 0.1, but there is no such field",
  ],
  [{ data, tokenizer: { type: 'characterlevel', vocabularySize: 300 } }, "Did you mean 'character-level'?"],
  [{ data, trainer: { best: 'blue' } }, "Did you mean 'bleu'?"],
  [
    { data, trainer: { best: 'bleu', translatedPairs: 0 } },
    "'trainer.best' is 'bleu' with translatedPairs 0",
  ],
  [{ data, evaluation: { bleuTokenizer: 'ch' } }, '\'evaluation.bleuTokenizer\' is "ch", expected'],
  [{ data: { train: [{ corpus: 'phrasebook' }] } }, "'data.train' is [{"],
  [{ data: 'phrasebook' }, "Did you mean 'phrase-book'?"],
  [{ data, name: '../x' }, '\'name\' is "../x", expected letters, digits, ., - and _'],
  [
    { data, plugins: [3] },
    "'plugins[0]' is 3, expected a backend plugin, an attention part, or the factory of one",
  ],
  [null, "'config' is null, expected { name, output,"],
])('refuses %j', (config, sentence) => {
  expect(() => checkConfig(config)).toThrow(ConfigError)
  expect(() => checkConfig(config)).toThrow(sentence)
})
