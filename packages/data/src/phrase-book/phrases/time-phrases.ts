import { words } from '../lexicon/word.ts'
import type { Word } from '../lexicon/word.ts'

/** Hours, days and dates. */
export const timePhrases: readonly Word[] = words(`
  现在几点？ | What time is it now?
  今天星期几？ | What day is it today?
  今天几号？ | What is the date today?
  你的生日是几号？ | When is your birthday?
  我没有时间。 | I do not have time.
  你有时间吗？ | Do you have time?
  你明天有时间吗？ | Do you have time tomorrow?
  我们几点见面？ | What time will we meet?
  我们七点见面吧。 | Let us meet at seven o'clock.
  太晚了。 | It is too late.
  还早。 | It is still early.
  快一点！ | Be quick!
  慢一点！ | Slow down!
  等一下！ | Wait a moment!
  我马上来。 | I am coming right away.
  我快到了。 | I am almost there.
  一个星期有七天。 | There are seven days in a week.
  一年有十二个月。 | There are twelve months in a year.
  一天有二十四个小时。 | There are twenty-four hours in a day.
  今天 | today
  明天 | tomorrow
  昨天 | yesterday
  现在 | now
  每天 | every day
  早上 | morning
  下午 | afternoon
  晚上 | evening
  星期一 | Monday
  星期二 | Tuesday
  星期三 | Wednesday
  星期四 | Thursday
  星期五 | Friday
  星期六 | Saturday
  星期天 | Sunday
  一月 | January
  二月 | February
  三月 | March
  四月 | April
  五月 | May
  六月 | June
  七月 | July
  八月 | August
  九月 | September
  十月 | October
  十一月 | November
  十二月 | December
`)
