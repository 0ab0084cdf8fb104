import { acts } from '../language/inflect.ts'
import { clockTime } from '../language/clock.ts'
import { chineseNumber, englishNumber } from '../language/number.ts'
import { routines } from '../lexicon/actions.ts'
import { months, weekdays } from '../lexicon/calendar.ts'
import { words } from '../lexicon/word.ts'
import { statement } from '../pattern.ts'
import type { Choose, Pattern } from '../pattern.ts'
import { person, single } from './cast.ts'

// Five past three would be "three oh five": the lexicon does without.
const minutes = [0, 10, 15, 20, 30, 40, 45, 50]

const days = words(`
  昨天 | yesterday was
  今天 | today is
  明天 | tomorrow is
  后天 | the day after tomorrow is
`)

const operations = [
  { chinese: '加', english: 'plus', apply: (first: number, second: number) => first + second },
  { chinese: '减', english: 'minus', apply: (first: number, second: number) => first - second },
  { chinese: '乘以', english: 'times', apply: (first: number, second: number) => first * second },
] as const

function date(choose: Choose): { chinese: string; english: string } {
  const month = choose.one(months)
  const day = choose.number(1, month.days)
  return { chinese: `${month.chinese}${chineseNumber(day)}号`, english: `${month.english} ${day}` }
}

/** Clock times, weekdays, dates and sums. */
export const calendar: readonly Pattern[] = [
  {
    name: 'clock',
    make(choose) {
      const time = clockTime(choose.number(1, 12), choose.one(minutes))
      return statement(`现在${time.chinese}`, `it is ${time.english} now`)
    },
  },
  {
    name: 'routine',
    make(choose) {
      const [who, routine] = [person(choose), choose.one(routines)]
      const time = clockTime(choose.one(routine.hours), choose.one(minutes))
      return statement(
        `${who.chinese}每天${time.chinese}${routine.chinese}`,
        `${who.english} ${acts(who, routine)} at ${time.english} every day`,
      )
    },
  },
  {
    name: 'weekday',
    make(choose) {
      const [day, weekday] = [choose.one(days), choose.one(weekdays)]
      return statement(`${day.chinese}是${weekday.chinese}`, `${day.english} ${weekday.english}`)
    },
  },
  {
    name: 'date',
    make(choose) {
      const [day, when] = [choose.one(days), date(choose)]
      return statement(`${day.chinese}是${when.chinese}`, `${day.english} ${when.english}`)
    },
  },
  {
    name: 'birthday',
    make(choose) {
      const [who, when] = [single(choose), date(choose)]
      return statement(
        `${who.possessive.chinese}生日是${when.chinese}`,
        `${who.possessive.english} birthday is ${when.english}`,
      )
    },
  },
  {
    name: 'sum',
    make(choose) {
      const [operation, first, second] = [choose.one(operations), choose.number(1, 20), choose.number(1, 9)]
      const [larger, smaller] = [Math.max(first, second), Math.min(first, second)]
      const result = operation.apply(larger, smaller)
      return statement(
        `${chineseNumber(larger)}${operation.chinese}${chineseNumber(smaller)}等于${chineseNumber(result)}`,
        `${englishNumber(larger)} ${operation.english} ${englishNumber(smaller)} is ${englishNumber(result)}`,
      )
    },
  },
]
