import { table } from './word.ts'
import type { Word } from './word.ts'

/** Something to study; English may name it otherwise in a sentence: 神经网络, neural network, "about neural networks". */
export interface Topic extends Word {
  readonly inSentence: string
  /** is, are */
  readonly be: string
}

export const topics: readonly Topic[] = table(`
  机器学习 | machine learning
  深度学习 | deep learning
  强化学习 | reinforcement learning
  自然语言处理 | natural language processing
  注意力机制 | attention mechanism | the attention mechanism
  神经网络 | neural network | neural networks | are
  语言模型 | language model | language models | are
  机器翻译 | machine translation
  人工智能 | artificial intelligence
  计算机科学 | computer science
  数学 | math
  物理 | physics
  化学 | chemistry
  历史 | history
`).map(([chinese = '', english = '', inSentence = english, be = 'is']) => ({
  chinese,
  english,
  inSentence,
  be,
}))
