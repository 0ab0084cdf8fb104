import { table, words } from './word.ts'
import type { Word } from './word.ts'

export const pastTimes: readonly Word[] = words(`
  昨天 | yesterday
  昨天早上 | yesterday morning
  昨天下午 | yesterday afternoon
  昨天晚上 | last night
`)

export const futureTimes: readonly Word[] = words(`
  明天 | tomorrow
  明天早上 | tomorrow morning
  明天下午 | tomorrow afternoon
  明天晚上 | tomorrow evening
  今天晚上 | tonight
`)

/** Times of journeys. */
export const lastPeriods: readonly Word[] = words(`
  上个星期 | last week
  上个月 | last month
  去年 | last year
`)

export const nextPeriods: readonly Word[] = words(`
  下个星期 | next week
  下个月 | next month
  明年 | next year
`)

export const habitTimes: readonly Word[] = words(`
  每天 | every day
  每天早上 | every morning
  每天下午 | every afternoon
  每天晚上 | every evening
  每个周末 | every weekend
  每个星期一 | every Monday
  每个星期三 | every Wednesday
  每个星期六 | every Saturday
  每个星期天 | every Sunday
`)

/** Adverbs of frequency: before the verb in both languages. */
export const frequencies: readonly Word[] = words(`
  总是 | always
  常常 | often
  有时候 | sometimes
  很少 | rarely
  从不 | never
`)

export const weekdays: readonly Word[] = words(`
  星期一 | Monday
  星期二 | Tuesday
  星期三 | Wednesday
  星期四 | Thursday
  星期五 | Friday
  星期六 | Saturday
  星期天 | Sunday
`)

export const months: readonly (Word & { readonly days: number })[] = table(`
  一月 | January | 31
  二月 | February | 28
  三月 | March | 31
  四月 | April | 30
  五月 | May | 31
  六月 | June | 30
  七月 | July | 31
  八月 | August | 31
  九月 | September | 30
  十月 | October | 31
  十一月 | November | 30
  十二月 | December | 31
`).map(([chinese = '', english = '', days]) => ({ chinese, english, days: Number(days) }))
