import { words } from '../lexicon/word.ts'
import type { Word } from '../lexicon/word.ts'

/** Classes, books and languages. */
export const school: readonly Word[] = words(`
  我是学生。 | I am a student.
  她是我的老师。 | She is my teacher.
  我们在学中文。 | We are learning Chinese.
  你为什么学中文？ | Why do you learn Chinese?
  因为我喜欢中国。 | Because I like China.
  你学了多久中文？ | How long have you learned Chinese?
  我学了三年中文。 | I have learned Chinese for three years.
  这个字怎么读？ | How do you read this character?
  这个字怎么写？ | How do you write this character?
  这是什么意思？ | What does this mean?
  请打开书。 | Please open your books.
  请看这里。 | Please look here.
  我有一个问题。 | I have a question.
  这个问题很难。 | This question is very difficult.
  这个问题很容易。 | This question is very easy.
  我忘了。 | I forgot.
  我记得。 | I remember.
  你说得对。 | You are right.
  我错了。 | I was wrong.
  考试很难。 | The exam is very difficult.
  明天有考试。 | There is an exam tomorrow.
  今天没有课。 | There is no class today.
  我喜欢学习。 | I like to study.
  学习让我高兴。 | Studying makes me happy.
  好好学习，天天向上。 | Study hard and make progress every day.
  我在图书馆看书。 | I am reading books in the library.
  老师 | teacher
  学生 | student
  同学 | classmate
  学校 | school
  大学 | university
  书 | book
  词典 | dictionary
  数学 | math
  物理 | physics
  化学 | chemistry
  历史 | history
  中文 | Chinese
  英语 | English
  法语 | French
  日语 | Japanese
  德语 | German
`)
