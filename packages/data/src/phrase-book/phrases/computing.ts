import { words } from '../lexicon/word.ts'
import type { Word } from '../lexicon/word.ts'

/** Computers, and how they learn. */
export const computing: readonly Word[] = words(`
  机器学习 | machine learning
  深度学习 | deep learning
  强化学习 | reinforcement learning
  自然语言处理 | natural language processing
  注意力机制 | attention mechanism
  注意力 | attention
  神经网络 | neural network
  语言模型 | language model
  机器翻译 | machine translation
  人工智能 | artificial intelligence
  计算机科学 | computer science
  计算机 | computer
  机器 | machine
  语言 | language
  翻译 | translation
  模型 | model
  数据 | data
  训练数据 | training data
  测试数据 | test data
  编码器 | encoder
  解码器 | decoder
  多头注意力 | multi-head attention
  自注意力 | self-attention
  位置编码 | positional encoding
  词向量 | word vector
  学习率 | learning rate
  损失函数 | loss function
  机器在学习。 | The machine is learning.
  机器会翻译吗？ | Can the machine translate?
  我正在训练一个模型。 | I am training a model.
  这个模型很大。 | This model is very big.
  这个模型很小。 | This model is very small.
  注意力就是你所需要的一切。 | Attention is all you need.
  请打开电脑。 | Please turn on the computer.
  我的电脑坏了。 | My computer is broken.
  这台电脑很慢。 | This computer is very slow.
  你可以修好我的电脑吗？ | Can you repair my computer?
  你喜欢编程吗？ | Do you like programming?
  编程很有意思。 | Programming is very interesting.
  我在学习机器学习。 | I am studying machine learning.
  什么是神经网络？ | What are neural networks?
`)
