import { be, does } from '../language/agreement.ts'
import { inflect } from '../language/inflect.ts'
import { actions, activities, routines, tagged } from '../lexicon/actions.ts'
import { nextPeriods, pastTimes } from '../lexicon/calendar.ts'
import { drinks, foods, interests } from '../lexicon/food.ts'
import { roles } from '../lexicon/people.ts'
import type { Subject } from '../lexicon/people.ts'
import { cities, countries, townPlaces } from '../lexicon/places.ts'
import { moods } from '../lexicon/qualities.ts'
import { question } from '../pattern.ts'
import type { Choose, Pattern } from '../pattern.ts'
import { anyAction } from './activity.ts'
import { other } from './cast.ts'

/** Verbs whose object one can ask for: "What is she looking for?". */
const askable = actions(`
  吃 | | eat
  喝 | | drink
  买 | | buy
  做 | | do
  写 | | write
  画 | | draw
  学 | | learn
  找 | | look | for
`)

const dwelling = [
  ...actions(`
  工作 | | work
  吃午饭 | | eat | lunch
  买衣服 | | buy | clothes
`),
  ...tagged('sport'),
  ...activities.filter(({ chinese }) => ['学习', '学英语', '遛狗', '看电影', '爬山'].includes(chinese)),
]

/** Somebody a question is about, now and then known by a role. */
function asked(choose: Choose): Subject {
  return choose.number(1, 8) === 1 ? choose.one(roles) : other(choose)
}

/** 谁, 什么, 哪里, 几点, 什么时候, 为什么. */
export const questions: readonly Pattern[] = [
  {
    name: 'who-now',
    make(choose) {
      const action = anyAction(choose)
      return question(`谁在${action.chinese}`, `who is ${inflect(action, 'progressive')}`)
    },
  },
  {
    name: 'who-wants',
    make(choose) {
      const action = anyAction(choose)
      return question(`谁想${action.chinese}`, `who wants to ${inflect(action, 'base')}`)
    },
  },
  {
    name: 'who-can',
    make(choose) {
      const skill = choose.one(tagged('skill'))
      return question(`谁会${skill.chinese}`, `who can ${inflect(skill, 'base')}`)
    },
  },
  {
    name: 'who-likes',
    make(choose) {
      const interest = choose.one([...interests, ...foods, ...drinks])
      return question(`谁喜欢${interest.chinese}`, `who likes ${interest.english}`)
    },
  },
  {
    name: 'what-now',
    make(choose) {
      const [who, action] = [asked(choose), choose.one(askable)]
      return question(
        `${who.chinese}在${action.chinese}什么`,
        `what ${be(who)} ${who.english} ${inflect(action, 'progressive')}`,
      )
    },
  },
  {
    name: 'what-wants',
    make(choose) {
      const [who, action] = [asked(choose), choose.one(askable)]
      return question(
        `${who.chinese}想${action.chinese}什么`,
        `what ${does(who)} ${who.english} want to ${inflect(action, 'base')}`,
      )
    },
  },
  {
    name: 'what-past',
    make(choose) {
      const [who, action, time] = [asked(choose), choose.one(askable), choose.one(pastTimes)]
      return question(
        `${who.chinese}${time.chinese}${action.chinese}了什么`,
        `what did ${who.english} ${inflect(action, 'base')} ${time.english}`,
      )
    },
  },
  {
    name: 'where-does',
    make(choose) {
      const [who, action] = [asked(choose), choose.one(dwelling)]
      return question(
        `${who.chinese}在哪里${action.chinese}`,
        `where ${does(who)} ${who.english} ${inflect(action, 'base')}`,
      )
    },
  },
  {
    name: 'where-went',
    make(choose) {
      const [who, time] = [asked(choose), choose.one(pastTimes)]
      return question(`${who.chinese}${time.chinese}去了哪里`, `where did ${who.english} go ${time.english}`)
    },
  },
  {
    name: 'what-time',
    make(choose) {
      const [who, routine] = [asked(choose), choose.one(routines)]
      return question(
        `${who.chinese}每天几点${routine.chinese}`,
        `what time ${does(who)} ${who.english} ${inflect(routine, 'base')} every day`,
      )
    },
  },
  {
    name: 'when-going',
    make(choose) {
      const [who, where] = [asked(choose), choose.one([...cities, ...countries])]
      return question(
        `${who.chinese}什么时候去${where.chinese}`,
        `when ${be(who)} ${who.english} going to ${where.english}`,
      )
    },
  },
  {
    name: 'going-question',
    make(choose) {
      const [who, where, time] = [asked(choose), choose.one(cities), choose.one(nextPeriods)]
      return question(
        `${who.chinese}${time.chinese}要去${where.chinese}吗`,
        `${be(who)} ${who.english} going to ${where.english} ${time.english}`,
      )
    },
  },
  {
    name: 'why-mood',
    make(choose) {
      const [who, mood] = [asked(choose), choose.one(moods)]
      return question(
        `${who.chinese}为什么这么${mood.chinese}`,
        `why ${be(who)} ${who.english} so ${mood.english}`,
      )
    },
  },
  {
    name: 'why-wants',
    make(choose) {
      const [who, action] = [asked(choose), anyAction(choose)]
      return question(
        `${who.chinese}为什么想${action.chinese}`,
        `why ${does(who)} ${who.english} want to ${inflect(action, 'base')}`,
      )
    },
  },
  {
    name: 'why-not',
    make(choose) {
      const [who, action] = [asked(choose), anyAction(choose)]
      return question(
        `${who.chinese}为什么不喜欢${action.chinese}`,
        `why ${does(who)} ${who.english} not like to ${inflect(action, 'base')}`,
      )
    },
  },
  {
    name: 'do-you-know-where',
    make(choose) {
      const [who, where] = [asked(choose), choose.one(townPlaces)]
      return question(
        `${who.chinese}知道${where.chinese}在哪里吗`,
        `${does(who)} ${who.english} know where ${where.english} is`,
      )
    },
  },
]
