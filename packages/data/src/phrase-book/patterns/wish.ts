import { does, present } from '../language/agreement.ts'
import { inflect } from '../language/inflect.ts'
import { regularPlural, withArticle } from '../language/noun.ts'
import {
  actions,
  activities,
  advice,
  eatingAndDrinking,
  excesses,
  tagged,
  verbOf,
} from '../lexicon/actions.ts'
import { futureTimes } from '../lexicon/calendar.ts'
import { drinks, foods, interests } from '../lexicon/food.ts'
import { occupations } from '../lexicon/people.ts'
import { cities, rooms, townPlaces } from '../lexicon/places.ts'
import { belongings, machines, readingMatter } from '../lexicon/things.ts'
import { question, statement } from '../pattern.ts'
import type { Pattern } from '../pattern.ts'
import { anyAction } from './activity.ts'
import { other, person, single, somebody, young } from './cast.ts'

const want = verbOf('want')
const like = verbOf('like')
const lendable = [...belongings, ...machines, ...readingMatter].filter(
  ({ english }) => !['passport', 'ticket', 'wallet', 'refrigerator'].includes(english),
)

const quietPlaces = [...townPlaces, ...rooms].filter(({ name }) =>
  [
    'library',
    'hospital',
    'museum',
    'bank',
    'post office',
    'bookstore',
    'movie theater',
    'classroom',
    'office',
  ].includes(name),
)

const disturbances = actions(`
  唱歌 | | sing
  跳舞 | | dance
  跑步 | | run
  睡觉 | | sleep
  拍照 | | take | pictures
  打电话 | | make | phone calls
  吃东西 | | eat
  喝咖啡 | | drink | coffee
  听音乐 | | listen | to music
  踢足球 | | play | soccer
`)

/** 想, 喜欢, 会, 应该, 可以, 必须, 吧. */
export const wish: readonly Pattern[] = [
  {
    name: 'wants',
    make(choose) {
      const [who, action] = [somebody(choose), anyAction(choose)]
      return statement(
        `${who.chinese}想${action.chinese}`,
        `${who.english} ${present(who, want)} to ${inflect(action, 'base')}`,
      )
    },
  },
  {
    name: 'does-not-want',
    make(choose) {
      const [who, action] = [person(choose), anyAction(choose)]
      return statement(
        `${who.chinese}不想${action.chinese}`,
        `${who.english} ${does(who)} not want to ${inflect(action, 'base')}`,
      )
    },
  },
  {
    name: 'wants-question',
    make(choose) {
      const [who, action] = [other(choose), anyAction(choose)]
      return question(
        `${who.chinese}想${action.chinese}吗`,
        `${does(who)} ${who.english} want to ${inflect(action, 'base')}`,
      )
    },
  },
  {
    name: 'tea-or-coffee',
    make(choose) {
      const [first, second] = choose.two(choose.one([foods, drinks]))
      const eats = foods.includes(first)
      return question(
        `你想${eats ? '吃' : '喝'}${first.chinese}还是${second.chinese}`,
        `do you want to ${eats ? 'eat' : 'drink'} ${first.english} or ${second.english}`,
      )
    },
  },
  {
    name: 'wants-to-go',
    make(choose) {
      const [who, city] = [somebody(choose), choose.one(cities)]
      return statement(
        `${who.chinese}想去${city.chinese}`,
        `${who.english} ${present(who, want)} to go to ${city.english}`,
      )
    },
  },
  {
    name: 'wants-to-become',
    make(choose) {
      const [who, job] = [young(choose), choose.one(occupations)]
      const profession = who.several ? regularPlural(job.english) : withArticle(job.english)
      return statement(
        `${who.chinese}想当${job.chinese}`,
        `${who.english} ${present(who, want)} to be ${profession}`,
      )
    },
  },
  {
    name: 'likes-doing',
    make(choose) {
      const [who, action] = [somebody(choose), choose.one([...activities, ...eatingAndDrinking])]
      return statement(
        `${who.chinese}喜欢${action.chinese}`,
        `${who.english} ${present(who, like)} to ${inflect(action, 'base')}`,
      )
    },
  },
  {
    name: 'likes',
    make(choose) {
      const [who, interest] = [somebody(choose), choose.one(interests)]
      return statement(
        `${who.chinese}喜欢${interest.chinese}`,
        `${who.english} ${present(who, like)} ${interest.english}`,
      )
    },
  },
  {
    name: 'likes-too',
    make(choose) {
      const [who, interest] = [somebody(choose), choose.one(interests)]
      return statement(
        `${who.chinese}也喜欢${interest.chinese}`,
        `${who.english} ${present(who, like)} ${interest.english} too`,
      )
    },
  },
  {
    name: 'does-not-like',
    make(choose) {
      const [who, interest] = [somebody(choose), choose.one([...interests, ...foods, ...drinks])]
      return statement(
        `${who.chinese}不喜欢${interest.chinese}`,
        `${who.english} ${does(who)} not like ${interest.english}`,
      )
    },
  },
  {
    name: 'likes-question',
    make(choose) {
      const [who, interest] = [other(choose), choose.one([...interests, ...foods])]
      return question(
        `${who.chinese}喜欢${interest.chinese}吗`,
        `${does(who)} ${who.english} like ${interest.english}`,
      )
    },
  },
  {
    name: 'can',
    make(choose) {
      const [who, skill] = [person(choose), choose.one(tagged('skill'))]
      return statement(`${who.chinese}会${skill.chinese}`, `${who.english} can ${inflect(skill, 'base')}`)
    },
  },
  {
    name: 'cannot',
    make(choose) {
      const [who, skill] = [person(choose), choose.one(tagged('skill'))]
      return statement(
        `${who.chinese}不会${skill.chinese}`,
        `${who.english} cannot ${inflect(skill, 'base')}`,
      )
    },
  },
  {
    name: 'can-question',
    make(choose) {
      const [who, skill] = [other(choose), choose.one(tagged('skill'))]
      return question(`${who.chinese}会${skill.chinese}吗`, `can ${who.english} ${inflect(skill, 'base')}`)
    },
  },
  {
    name: 'should',
    make(choose) {
      const [who, good] = [somebody(choose), choose.one(advice)]
      return statement(`${who.chinese}应该${good.chinese}`, `${who.english} should ${inflect(good, 'base')}`)
    },
  },
  {
    name: 'should-not',
    make(choose) {
      const [who, excess] = [somebody(choose), choose.one(excesses)]
      return statement(
        `${who.chinese}不应该${excess.chinese}`,
        `${who.english} should not ${inflect(excess, 'base')}`,
      )
    },
  },
  {
    name: 'may-use',
    make(choose) {
      const [owner, thing] = [other(choose), choose.one(lendable)]
      return question(
        `我可以用${owner.possessive.chinese}${thing.chinese}吗`,
        `may I use ${owner.possessive.english} ${thing.english}`,
      )
    },
  },
  {
    name: 'do-not',
    make(choose) {
      const [disturbance, where] = [choose.one(disturbances), choose.one(quietPlaces)]
      return statement(
        `请不要在${where.chinese}${disturbance.chinese}`,
        `please do not ${inflect(disturbance, 'base')} ${where.at}`,
      )
    },
  },
  {
    name: 'must-go',
    make(choose) {
      const [who, where, time] = [single(choose), choose.one(townPlaces), choose.one(futureTimes)]
      return statement(
        `${who.chinese}${time.chinese}必须去${where.chinese}`,
        `${who.english} must go ${where.to} ${time.english}`,
      )
    },
  },
  {
    name: 'let-us',
    make(choose) {
      const [action, time] = [anyAction(choose), choose.one(futureTimes)]
      return statement(
        `我们${time.chinese}一起${action.chinese}吧`,
        `let us ${inflect(action, 'base')} together ${time.english}`,
      )
    },
  },
]
