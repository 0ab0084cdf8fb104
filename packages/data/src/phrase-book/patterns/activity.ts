import { be, have, was } from '../language/agreement.ts'
import { acts, inflect } from '../language/inflect.ts'
import { chineseCount, englishNumber } from '../language/number.ts'
import { activities, eatingAndDrinking, tagged, tasks } from '../lexicon/actions.ts'
import type { Action } from '../lexicon/actions.ts'
import { frequencies, futureTimes, habitTimes, pastTimes } from '../lexicon/calendar.ts'
import { settings } from '../lexicon/settings.ts'
import { words } from '../lexicon/word.ts'
import { question, statement } from '../pattern.ts'
import type { Choose, Pattern } from '../pattern.ts'
import { other, person, somebody } from './cast.ts'

/** What somebody may be doing: mostly an activity, sometimes eating or drinking. */
export function anyAction(choose: Choose): Action {
  return choose.one(choose.number(1, 4) === 1 ? eatingAndDrinking : activities)
}

const meals = words(`
  早饭 | breakfast
  午饭 | lunch
  晚饭 | dinner
`)

/** Doing things, now, always, before and soon: 正在, 了, 没, 要, 已经, 还没. */
export const activity: readonly Pattern[] = [
  {
    name: 'habit-time',
    make(choose) {
      const [who, action, time] = [person(choose), anyAction(choose), choose.one(habitTimes)]
      return statement(
        `${who.chinese}${time.chinese}${action.chinese}`,
        `${who.english} ${acts(who, action)} ${time.english}`,
      )
    },
  },
  {
    name: 'frequency',
    make(choose) {
      const [who, action, often] = [somebody(choose), anyAction(choose), choose.one(frequencies)]
      return statement(
        `${who.chinese}${often.chinese}${action.chinese}`,
        `${who.english} ${often.english} ${acts(who, action)}`,
      )
    },
  },
  {
    name: 'now',
    make(choose) {
      const [who, action] = [somebody(choose), anyAction(choose)]
      return statement(
        `${who.chinese}正在${action.chinese}`,
        `${who.english} ${be(who)} ${inflect(action, 'progressive')}`,
      )
    },
  },
  {
    name: 'now-question',
    make(choose) {
      const [who, action] = [other(choose), anyAction(choose)]
      return question(
        `${who.chinese}在${action.chinese}吗`,
        `${be(who)} ${who.english} ${inflect(action, 'progressive')}`,
      )
    },
  },
  {
    name: 'now-at',
    make(choose) {
      const [who, { activity, place }] = [somebody(choose), choose.one(settings)]
      return statement(
        `${who.chinese}正在${place.chinese}${activity.chinese}`,
        `${who.english} ${be(who)} ${inflect(activity, 'progressive')} ${place.at}`,
      )
    },
  },
  {
    name: 'often-at',
    make(choose) {
      const [who, { activity, place }, often] = [
        person(choose),
        choose.one(settings),
        choose.one(frequencies),
      ]
      return statement(
        `${who.chinese}${often.chinese}在${place.chinese}${activity.chinese}`,
        `${who.english} ${often.english} ${acts(who, activity)} ${place.at}`,
      )
    },
  },
  {
    name: 'past',
    make(choose) {
      const [who, action, time] = [somebody(choose), anyAction(choose), choose.one(pastTimes)]
      return statement(
        `${who.chinese}${time.chinese}${action.chinese}了`,
        `${who.english} ${inflect(action, 'past')} ${time.english}`,
      )
    },
  },
  {
    name: 'past-time-first',
    make(choose) {
      const [who, { activity, place }, time] = [person(choose), choose.one(settings), choose.one(pastTimes)]
      return statement(
        `${time.chinese}，${who.chinese}在${place.chinese}${activity.chinese}了`,
        `${time.english}, ${who.english} ${inflect(activity, 'past')} ${place.at}`,
      )
    },
  },
  {
    name: 'not-past',
    make(choose) {
      const [who, action, time] = [person(choose), anyAction(choose), choose.one(pastTimes)]
      return statement(
        `${who.chinese}${time.chinese}没${action.chinese}`,
        `${who.english} did not ${inflect(action, 'base')} ${time.english}`,
      )
    },
  },
  {
    name: 'past-question',
    make(choose) {
      const [who, action, time] = [other(choose), anyAction(choose), choose.one(pastTimes)]
      return question(
        `${who.chinese}${time.chinese}${action.chinese}了吗`,
        `did ${who.english} ${inflect(action, 'base')} ${time.english}`,
      )
    },
  },
  {
    name: 'past-progressive',
    make(choose) {
      const [who, action] = [person(choose), anyAction(choose)]
      return statement(
        `那时候${who.chinese}正在${action.chinese}`,
        `at that time, ${who.english} ${was(who)} ${inflect(action, 'progressive')}`,
      )
    },
  },
  {
    name: 'future',
    make(choose) {
      const [who, action, time] = [somebody(choose), anyAction(choose), choose.one(futureTimes)]
      return statement(
        `${who.chinese}${time.chinese}要${action.chinese}`,
        `${who.english} ${be(who)} going to ${inflect(action, 'base')} ${time.english}`,
      )
    },
  },
  {
    name: 'times-a-week',
    make(choose) {
      const [who, sport, count] = [person(choose), choose.one(tagged('sport')), choose.number(2, 6)]
      return statement(
        `${who.chinese}每个星期${sport.chineseVerb}${chineseCount(count)}次${sport.chineseObject}`,
        `${who.english} ${acts(who, sport)} ${count === 2 ? 'twice' : `${englishNumber(count)} times`} a week`,
      )
    },
  },
  {
    name: 'already',
    make(choose) {
      const [who, task] = [person(choose), choose.one(tasks)]
      return statement(
        `${who.chinese}已经${task.chinese}了`,
        `${who.english} ${have(who)} already ${inflect(task, 'participle')}`,
      )
    },
  },
  {
    name: 'not-yet',
    make(choose) {
      const [who, task] = [person(choose), choose.one(tasks)]
      return statement(
        `${who.chinese}还没${task.chinese}`,
        `${who.english} ${have(who)} not ${inflect(task, 'participle')} yet`,
      )
    },
  },
  {
    name: 'yet-question',
    make(choose) {
      const [who, task] = [other(choose), choose.one(tasks)]
      return question(
        `${who.chinese}${task.chinese}了吗`,
        `${have(who)} ${who.english} ${inflect(task, 'participle')} yet`,
      )
    },
  },
  {
    name: 'around-meals',
    make(choose) {
      const [who, action, meal] = [person(choose), choose.one(activities), choose.one(meals)]
      const [chinese, english] = choose.one([
        ['以前', 'before'],
        ['以后', 'after'],
      ] as const)
      return statement(
        `${meal.chinese}${chinese}，${who.chinese}常常${action.chinese}`,
        `${english} ${meal.english}, ${who.english} often ${acts(who, action)}`,
      )
    },
  },
]
