import { does, present } from '../language/agreement.ts'
import { inflect } from '../language/inflect.ts'
import { chineseCount, englishNumber } from '../language/number.ts'
import { tagged, verbOf } from '../lexicon/actions.ts'
import { pastTimes } from '../lexicon/calendar.ts'
import { belongings, clothes, fruit, readingMatter, servings, snacks } from '../lexicon/things.ts'
import { table, words } from '../lexicon/word.ts'
import { statement } from '../pattern.ts'
import type { Pattern } from '../pattern.ts'
import { anyAction } from './activity.ts'
import { somebody, twoPeople } from './cast.ts'
import { counted } from './having.ts'

const presents = [...belongings, ...clothes, ...readingMatter].filter(({ english }) => english !== 'passport')

const subjects = words(`
  数学 | math
  物理 | physics
  历史 | history
  英语 | English
  中文 | Chinese
  法语 | French
  弹钢琴 | to play the piano
  游泳 | to swim
  开车 | to drive
  做饭 | to cook
`)

/** What one person does or feels towards another. */
const bonds = table(`
  爱 | love
  喜欢 | like
  认识 | know
  相信 | trust
  想念 | miss
  帮助 | help
`).map(([chinese = '', english = '']) => ({ chinese, verb: verbOf(english) }))

const encounters = table(`
  看见 | see
  遇到 | meet
  帮助 | help
`).map(([chinese = '', english = '']) => ({ chinese, verb: verbOf(english) }))

/** Between people: who does it to whom is told by word order alone; 给, 跟…一起, 教. */
export const giving: readonly Pattern[] = [
  {
    name: 'bond',
    make(choose) {
      const [[first, second], { chinese, verb }] = [twoPeople(choose), choose.one(bonds)]
      return statement(
        `${first.chinese}${chinese}${second.chinese}`,
        `${first.english} ${present(first, verb)} ${second.object}`,
      )
    },
  },
  {
    name: 'no-bond',
    make(choose) {
      const [[first, second], { chinese, verb }] = [twoPeople(choose), choose.one(bonds)]
      return statement(
        `${first.chinese}不${chinese}${second.chinese}`,
        `${first.english} ${does(first)} not ${verb.base} ${second.object}`,
      )
    },
  },
  {
    name: 'encounter',
    make(choose) {
      const [[first, second], { chinese, verb }] = [twoPeople(choose), choose.one(encounters)]
      const time = choose.one(pastTimes)
      return statement(
        `${time.chinese}，${first.chinese}${chinese}了${second.chinese}`,
        `${time.english}, ${first.english} ${verb.past} ${second.object}`,
      )
    },
  },
  {
    name: 'gave',
    make(choose) {
      const [[first, second], thing] = [twoPeople(choose), counted(choose.one(presents), choose.number(1, 3))]
      return statement(
        `${first.chinese}给了${second.chinese}${thing.chinese}`,
        `${first.english} gave ${second.object} ${thing.english}`,
      )
    },
  },
  {
    name: 'bought-for',
    make(choose) {
      const [[first, second], thing] = [
        twoPeople(choose),
        counted(choose.one([...presents, ...fruit, ...snacks]), choose.number(1, 3)),
      ]
      return statement(
        `${first.chinese}给${second.chinese}买了${thing.chinese}`,
        `${first.english} bought ${thing.english} for ${second.object}`,
      )
    },
  },
  {
    name: 'called',
    make(choose) {
      const [[first, second], time] = [twoPeople(choose), choose.one(pastTimes)]
      return statement(
        `${first.chinese}${time.chinese}给${second.chinese}打电话了`,
        `${first.english} called ${second.object} ${time.english}`,
      )
    },
  },
  {
    name: 'please-give',
    make(choose) {
      const [serving, count] = [choose.one(servings), choose.number(1, 9)]
      return statement(
        `请给我${chineseCount(count)}${serving.measure}${serving.chinese}`,
        `please give me ${count === 1 ? counted(serving, 1).english : `${englishNumber(count)} ${serving.plural}`}`,
      )
    },
  },
  {
    name: 'would-like',
    make(choose) {
      const [who, things] = [
        somebody(choose),
        counted(choose.one([...servings, ...snacks, ...fruit]), choose.number(1, 6)),
      ]
      return statement(`${who.chinese}想要${things.chinese}`, `${who.english} would like ${things.english}`)
    },
  },
  {
    name: 'teaches',
    make(choose) {
      const [[first, second], subject] = [twoPeople(choose), choose.one(subjects)]
      return statement(
        `${first.chinese}教${second.chinese}${subject.chinese}`,
        `${first.english} ${present(first, verbOf('teach'))} ${second.object} ${subject.english}`,
      )
    },
  },
  {
    name: 'together-with',
    make(choose) {
      const [[first, second], action] = [twoPeople(choose), anyAction(choose)]
      return statement(
        `${first.chinese}想跟${second.chinese}一起${action.chinese}`,
        `${first.english} ${present(first, verbOf('want'))} to ${inflect(action, 'base')} with ${second.object}`,
      )
    },
  },
  {
    name: 'waits-for',
    make(choose) {
      const [first, second] = twoPeople(choose)
      const [chinese, english] = choose.one([
        ['在家', 'at home'],
        ['在外面', 'outside'],
        ['在门口', 'at the door'],
        ['在这里', 'here'],
        ['在楼下', 'downstairs'],
      ] as const)
      return statement(
        `${first.chinese}会${chinese}等${second.chinese}`,
        `${first.english} will wait for ${second.object} ${english}`,
      )
    },
  },
  {
    name: 'will-teach',
    make(choose) {
      const [[first, second], action] = [twoPeople(choose), choose.one(tagged('skill'))]
      return statement(
        `${first.chinese}会教${second.chinese}${action.chinese}`,
        `${first.english} will teach ${second.object} to ${inflect(action, 'base')}`,
      )
    },
  },
]
