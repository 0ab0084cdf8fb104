import { again, be, does, present, was } from '../language/agreement.ts'
import { acts, inflect } from '../language/inflect.ts'
import { withArticle } from '../language/noun.ts'
import { actions, drinking, tagged, verbOf } from '../lexicon/actions.ts'
import { pastTimes } from '../lexicon/calendar.ts'
import { family, names } from '../lexicon/people.ts'
import { townPlaces } from '../lexicon/places.ts'
import { colors, contentQualities, moods, thingQualities } from '../lexicon/qualities.ts'
import { belongings, clothes, goods, readingMatter } from '../lexicon/things.ts'
import { words } from '../lexicon/word.ts'
import { statement } from '../pattern.ts'
import type { Pattern } from '../pattern.ts'
import { anyAction } from './activity.ts'
import { person, single, third } from './cast.ts'

const bought = [...clothes, ...readingMatter, ...goods]

/** A state and what it makes one want. */
const needs = [
  ...actions(`
  休息 | | rest
  睡觉 | | sleep
  回家 | | go | home
`).map((action) => ({ chinese: '累', english: 'tired', action })),
  ...actions(`
  吃 | 面条 | eat | noodles
  吃 | 饺子 | eat | dumplings
  吃 | 米饭 | eat | rice
  吃 | 面包 | eat | bread
`).map((action) => ({ chinese: '饿', english: 'hungry', action })),
  ...drinking.map((action) => ({ chinese: '渴', english: 'thirsty', action })),
  ...actions(`
  唱歌 | | sing
  跳舞 | | dance
`).map((action) => ({ chinese: '高兴', english: 'happy', action })),
]

const weathers = words(`
  下雨 | it rains
  下雪 | it snows
  不冷 | it is not cold
  不热 | it is not hot
  天气好 | the weather is good
`)

const tiring = tagged('sport')

/** Sentences of two clauses: 因为…所以, 如果…就, 虽然…但是, 的时候, 一边…一边, and clauses inside clauses. */
export const clauses: readonly Pattern[] = [
  {
    name: 'because',
    make(choose) {
      const [who, need] = [person(choose), choose.one(needs)]
      const pronoun = again(who)
      return statement(
        `因为${who.chinese}很${need.chinese}，所以${pronoun.chinese}想${need.action.chinese}`,
        `because ${who.english} ${be(who)} very ${need.english}, ${pronoun.english} ${present(pronoun, verbOf('want'))} to ${inflect(need.action, 'base')}`,
      )
    },
  },
  {
    name: 'if-go',
    make(choose) {
      const [who, weather, where] = [person(choose), choose.one(weathers), choose.one(townPlaces)]
      return statement(
        `如果明天${weather.chinese}，${who.chinese}就去${where.chinese}`,
        `if ${weather.english} tomorrow, ${who.english} will go ${where.to}`,
      )
    },
  },
  {
    name: 'if-do',
    make(choose) {
      const weather = choose.one(weathers)
      const bad = ['下雨', '下雪'].includes(weather.chinese)
      const [who, action] = [person(choose), choose.one(tagged(bad ? 'indoor' : 'outdoor'))]
      return statement(
        `如果明天${weather.chinese}，${who.chinese}就${action.chinese}`,
        `if ${weather.english} tomorrow, ${who.english} will ${inflect(action, 'base')}`,
      )
    },
  },
  {
    name: 'although-tired',
    make(choose) {
      const [who, action] = [person(choose), choose.one(tiring)]
      const [chinese, english] = choose.one([
        ['累', 'tired'],
        ['饿', 'hungry'],
        ['忙', 'busy'],
      ] as const)
      const pronoun = again(who)
      return statement(
        `虽然${who.chinese}很${chinese}，但是${pronoun.chinese}想${action.chinese}`,
        `although ${who.english} ${be(who)} very ${english}, ${pronoun.english} ${present(pronoun, verbOf('want'))} to ${inflect(action, 'base')}`,
      )
    },
  },
  {
    name: 'although-expensive',
    make(choose) {
      const [who, thing] = [person(choose), choose.one([...clothes, ...goods])]
      const [chinese, english] = choose.one([
        ['贵', 'expensive'],
        ['旧', 'old'],
        ['小', 'small'],
      ] as const)
      return statement(
        `虽然这${thing.measure}${thing.chinese}很${chinese}，但是${who.chinese}喜欢`,
        `although this ${thing.english} is very ${english}, ${who.english} ${present(who, verbOf('like'))} it`,
      )
    },
  },
  {
    name: 'when-came-home',
    make(choose) {
      const [first, action] = [person(choose), choose.one([...tagged('indoor'), ...tagged('hands')])]
      const second = choose.one([...names, ...family].filter((candidate) => candidate !== first))
      return statement(
        `${first.chinese}回家的时候，${second.chinese}正在${action.chinese}`,
        `when ${first.english} came home, ${second.english} ${was(second)} ${inflect(action, 'progressive')}`,
      )
    },
  },
  {
    name: 'while',
    make(choose) {
      const [who, first, second] = [person(choose), choose.one(tagged('quiet')), choose.one(tagged('hands'))]
      return statement(
        `${who.chinese}一边${first.chinese}，一边${second.chinese}`,
        `${who.english} ${acts(who, first)} while ${inflect(second, 'progressive')}`,
      )
    },
  },
  {
    name: 'says-mood',
    make(choose) {
      const [who, mood] = [third(choose), choose.one(moods)]
      const pronoun = again(who)
      return statement(
        `${who.chinese}说${pronoun.chinese}很${mood.chinese}`,
        `${who.english} ${present(who, verbOf('say'))} ${pronoun.english} ${be(pronoun)} very ${mood.english}`,
      )
    },
  },
  {
    name: 'says-wants',
    make(choose) {
      const [who, action] = [third(choose), anyAction(choose)]
      const pronoun = again(who)
      return statement(
        `${who.chinese}说${pronoun.chinese}不想${action.chinese}`,
        `${who.english} ${present(who, verbOf('say'))} ${pronoun.english} ${does(pronoun)} not want to ${inflect(action, 'base')}`,
      )
    },
  },
  {
    name: 'thinks-about-book',
    make(choose) {
      const [who, book, quality] = [person(choose), choose.one(readingMatter), choose.one(contentQualities)]
      return statement(
        `${who.chinese}觉得这${book.measure}${book.chinese}很${quality.chinese}`,
        `${who.english} ${present(who, verbOf('think'))} this ${book.english} is very ${quality.english}`,
      )
    },
  },
  {
    name: 'does-not-know-where',
    make(choose) {
      const [who, thing] = [person(choose), choose.one(belongings)]
      return statement(
        `${who.chinese}不知道${who.pronoun.chinese}的${thing.chinese}在哪里`,
        `${who.english} ${does(who)} not know where ${who.own} ${thing.english} is`,
      )
    },
  },
  {
    name: 'bought-thing-is',
    make(choose) {
      const [who, thing, time, quality] = [
        person(choose),
        choose.one(bought),
        choose.one(pastTimes),
        choose.one(thingQualities),
      ]
      return statement(
        `${who.chinese}${time.chinese}买的${thing.chinese}很${quality.chinese}`,
        `the ${thing.english} ${who.english} bought ${time.english} is very ${quality.english}`,
      )
    },
  },
  {
    name: 'this-is-bought-thing',
    make(choose) {
      const [who, thing, time] = [person(choose), choose.one(bought), choose.one(pastTimes)]
      return statement(
        `这是${who.chinese}${time.chinese}买的${thing.chinese}`,
        `this is the ${thing.english} ${who.english} bought ${time.english}`,
      )
    },
  },
  {
    name: 'wearing',
    make(choose) {
      const [who, thing, color] = [single(choose), choose.one(clothes), choose.one(colors)]
      const wears = ['帽子', '围巾'].includes(thing.chinese) ? '戴' : '穿'
      return statement(
        `${who.chinese}${wears}着一${thing.measure}${color.chinese}的${thing.chinese}`,
        `${who.english} ${be(who)} wearing ${withArticle(`${color.english} ${thing.english}`)}`,
      )
    },
  },
]
