import { does, have, present } from '../language/agreement.ts'
import { withArticle } from '../language/noun.ts'
import { chineseCount, chineseNumber, englishNumber } from '../language/number.ts'
import { verbOf } from '../lexicon/actions.ts'
import { pastTimes } from '../lexicon/calendar.ts'
import { colors } from '../lexicon/qualities.ts'
import {
  animals,
  belongings,
  clothes,
  fruit,
  furniture,
  goods,
  machines,
  readingMatter,
  servings,
  snacks,
} from '../lexicon/things.ts'
import type { Thing } from '../lexicon/things.ts'
import type { Word } from '../lexicon/word.ts'
import { question, statement } from '../pattern.ts'
import type { Pattern } from '../pattern.ts'
import { other, person, somebody } from './cast.ts'

// What one can have several of without being asked why.
const collected = [
  ...readingMatter,
  ...clothes,
  ...animals,
  ...fruit,
  ...snacks,
  ...belongings.filter(({ english }) => !['passport', 'wallet'].includes(english)),
]
const outerwear = clothes.filter(({ english }) => ['coat', 'scarf', 'hat'].includes(english))
const ownable = [...readingMatter, ...belongings, ...clothes, ...machines]
const colored = [...clothes, ...goods, ...machines]

/** 两本书, two books; 一本书, a book */
export function counted(thing: Thing, count: number): Word {
  return {
    chinese: `${chineseCount(count)}${thing.measure}${thing.chinese}`,
    english: count === 1 ? withArticle(thing.english) : `${englishNumber(count)} ${thing.plural}`,
  }
}

/** Having, needing, buying and losing things; prices. */
export const having: readonly Pattern[] = [
  {
    name: 'has',
    make(choose) {
      const [who, things] = [person(choose), counted(choose.one(collected), choose.number(1, 9))]
      return statement(`${who.chinese}有${things.chinese}`, `${who.english} ${have(who)} ${things.english}`)
    },
  },
  {
    name: 'has-not',
    make(choose) {
      const [who, thing] = [somebody(choose), choose.one(ownable)]
      return statement(
        `${who.chinese}没有${thing.chinese}`,
        `${who.english} ${does(who)} not have ${withArticle(thing.english)}`,
      )
    },
  },
  {
    name: 'has-question',
    make(choose) {
      const [who, thing] = [other(choose), choose.one([...ownable, ...animals])]
      return question(
        `${who.chinese}有${thing.chinese}吗`,
        `${does(who)} ${who.english} have ${withArticle(thing.english)}`,
      )
    },
  },
  {
    name: 'how-many',
    make(choose) {
      const [who, thing] = [other(choose), choose.one(collected)]
      return question(
        `${who.chinese}有几${thing.measure}${thing.chinese}`,
        `how many ${thing.plural} ${does(who)} ${who.english} have`,
      )
    },
  },
  {
    name: 'needs',
    make(choose) {
      const [who, things] = [
        somebody(choose),
        counted(choose.one([...furniture, ...fruit, ...snacks, ...readingMatter]), choose.number(1, 4)),
      ]
      return statement(
        `${who.chinese}需要${things.chinese}`,
        `${who.english} ${present(who, verbOf('need'))} ${things.english}`,
      )
    },
  },
  {
    name: 'wants-to-buy',
    make(choose) {
      const [who, thing, color] = [person(choose), choose.one(colored), choose.one(colors)]
      return statement(
        `${who.chinese}想买一${thing.measure}${color.chinese}的${thing.chinese}`,
        `${who.english} ${present(who, verbOf('want'))} to buy ${withArticle(`${color.english} ${thing.english}`)}`,
      )
    },
  },
  {
    name: 'bought',
    make(choose) {
      const [who, time] = [person(choose), choose.one(pastTimes)]
      const things = counted(
        choose.one([...clothes, ...fruit, ...snacks, ...readingMatter]),
        choose.number(1, 5),
      )
      return statement(
        `${who.chinese}${time.chinese}买了${things.chinese}`,
        `${who.english} bought ${things.english} ${time.english}`,
      )
    },
  },
  {
    name: 'cannot-find',
    make(choose) {
      const [who, thing] = [person(choose), choose.one([...belongings, ...clothes])]
      return statement(
        `${who.chinese}找不到${who.pronoun.chinese}的${thing.chinese}`,
        `${who.english} cannot find ${who.own} ${who.several ? thing.plural : thing.english}`,
      )
    },
  },
  {
    name: 'forgot-to-bring',
    make(choose) {
      const [who, thing] = [person(choose), choose.one([...belongings, ...outerwear])]
      return statement(
        `${who.chinese}忘了带${thing.chinese}`,
        `${who.english} forgot to bring ${who.own} ${who.several ? thing.plural : thing.english}`,
      )
    },
  },
  {
    name: 'price',
    make(choose) {
      const [thing, price] = [
        choose.one([...clothes, ...readingMatter, ...belongings]),
        choose.number(11, 99),
      ]
      return statement(
        `这${thing.measure}${thing.chinese}${chineseNumber(price)}块钱`,
        `this ${thing.english} costs ${englishNumber(price)} yuan`,
      )
    },
  },
  {
    name: 'high-price',
    make(choose) {
      const price = choose.one([choose.number(1, 99) * 100, choose.number(10, 99) * 10])
      const thing = choose.one([...machines, ...furniture])
      return statement(
        `那${thing.measure}${thing.chinese}要${chineseNumber(price)}块钱`,
        `that ${thing.english} costs ${englishNumber(price)} yuan`,
      )
    },
  },
  {
    name: 'price-question',
    make(choose) {
      const thing = choose.one([...ownable, ...furniture])
      const [chinese, english] = choose.one([
        ['这', 'this'],
        ['那', 'that'],
      ] as const)
      return question(
        `${chinese}${thing.measure}${thing.chinese}多少钱`,
        `how much does ${english} ${thing.english} cost`,
      )
    },
  },
  {
    name: 'serving-price',
    make(choose) {
      const [serving, price] = [choose.one(servings), choose.number(2, 60)]
      return statement(
        `一${serving.measure}${serving.chinese}${chineseNumber(price)}块钱`,
        `${withArticle(serving.english)} costs ${englishNumber(price)} yuan`,
      )
    },
  },
]
