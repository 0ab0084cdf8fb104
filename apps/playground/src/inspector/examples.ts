import type { Direction } from './inspector-state.ts'

/** Sentences to start from; the first is there when the page opens. */
export const examples: Readonly<Record<Direction, readonly [string, ...string[]]>> = {
  'zh-en': ['我喜欢在图书馆看书。', '机器学习', '你为什么不早点告诉我？', '他每天早上六点起床。'],
  'en-zh': [
    'I like reading books in the library.',
    'machine learning',
    'Why didn’t you tell me earlier?',
    'He gets up at six every morning.',
  ],
}
