export { createTinyModel, type ModelBytes, type TinyModelOptions } from './tiny-model.ts'
export { type TinyTokenizers, tinyTokenizers } from './tiny-tokenizers.ts'
