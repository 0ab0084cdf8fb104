import { be, does, present } from '../language/agreement.ts'
import { verbOf } from '../lexicon/actions.ts'
import { contentQualities } from '../lexicon/qualities.ts'
import { readingMatter } from '../lexicon/things.ts'
import { topics } from '../lexicon/topics.ts'
import { question, statement } from '../pattern.ts'
import type { Pattern } from '../pattern.ts'
import { other, person, somebody } from './cast.ts'

/** Learning about machines that learn, and other subjects. */
export const study: readonly Pattern[] = [
  {
    name: 'studies',
    make(choose) {
      const [who, topic] = [somebody(choose), choose.one(topics)]
      return statement(
        `${who.chinese}正在学习${topic.chinese}`,
        `${who.english} ${be(who)} studying ${topic.inSentence}`,
      )
    },
  },
  {
    name: 'wants-to-study',
    make(choose) {
      const [who, topic] = [person(choose), choose.one(topics)]
      return statement(
        `${who.chinese}想学习${topic.chinese}`,
        `${who.english} ${present(who, verbOf('want'))} to study ${topic.inSentence}`,
      )
    },
  },
  {
    name: 'is-interested-in',
    make(choose) {
      const [who, topic] = [somebody(choose), choose.one(topics)]
      return statement(
        `${who.chinese}对${topic.chinese}很感兴趣`,
        `${who.english} ${be(who)} very interested in ${topic.inSentence}`,
      )
    },
  },
  {
    name: 'understands-question',
    make(choose) {
      const [who, topic] = [other(choose), choose.one(topics)]
      return question(
        `${who.chinese}懂${topic.chinese}吗`,
        `${does(who)} ${who.english} understand ${topic.inSentence}`,
      )
    },
  },
  {
    name: 'what-is-topic',
    make(choose) {
      const topic = choose.one(topics)
      return question(`什么是${topic.chinese}`, `what ${topic.be} ${topic.inSentence}`)
    },
  },
  {
    name: 'book-about',
    make(choose) {
      const [book, topic] = [choose.one(readingMatter), choose.one(topics)]
      const [chinese, english] = choose.one([
        ['这', 'this'],
        ['那', 'that'],
      ] as const)
      return statement(
        `${chinese}${book.measure}${book.chinese}是关于${topic.chinese}的`,
        `${english} ${book.english} is about ${topic.inSentence}`,
      )
    },
  },
  {
    name: 'topic-is',
    make(choose) {
      const [topic, quality] = [choose.one(topics), choose.one(contentQualities)]
      return statement(
        `${topic.chinese}很${quality.chinese}`,
        `${topic.inSentence} ${topic.be} very ${quality.english}`,
      )
    },
  },
  {
    name: 'topic-than-topic',
    make(choose) {
      const [[first, second], quality] = [choose.two(topics), choose.one(contentQualities)]
      return statement(
        `${first.chinese}比${second.chinese}${quality.chinese}`,
        `${first.inSentence} ${first.be} ${quality.comparative} than ${second.inSentence}`,
      )
    },
  },
]
