// A byte-level BPE tokenizer for Chinese and English, trained on the phrase book, saved and read as tokenizer.json.
import { phraseBook } from '@qkv/data/phrase-book'
import { Tokenizer, trainByteLevelBpe } from '@qkv/tokenizer'

const { train } = phraseBook()
const texts = train.flatMap(({ source, target }) => [source, target])
const tokenizer = trainByteLevelBpe(texts, {
  vocabularySize: 1200,
  specialTokens: ['<pad>', '<bos>', '<eos>'],
})

const text = '我爱机器学习。 I love machine learning.'
const { ids, tokens, offsets } = tokenizer.encode(text)
console.log(`${text.length} characters, ${tokens.length} tokens`)
console.log(offsets.map(([start, end]) => text.slice(start, end)).join('|'))

const saved = JSON.stringify(tokenizer.toJSON())
const restored = Tokenizer.fromJSON(JSON.parse(saved))
console.log(restored.decode(ids))
