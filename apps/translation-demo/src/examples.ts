import type { SpokenLanguage } from './engine/directions.ts'

/** Sentences to begin with, by the language that they are in. */
export const examples: Readonly<Record<SpokenLanguage, readonly string[]>> = {
  zh: [
    '机器学习',
    '我爱你。',
    '今天天气很好。',
    '你会说英语吗？',
    '他昨天没来上班。',
    '我们明天去图书馆看书吧。',
  ],
  en: [
    'machine learning',
    'I love you.',
    'The weather is nice today.',
    'Can you speak Chinese?',
    "He didn't come to work yesterday.",
    'Let us go to the library tomorrow.',
  ],
}
