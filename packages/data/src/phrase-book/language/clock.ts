import { chineseCount, chineseNumber, englishNumber } from './number.ts'

/** A time of day on the twelve-hour clock in both languages: 七点半, half past seven. */
export function clockTime(hour: number, minute: number): { chinese: string; english: string } {
  const chineseHour = `${chineseCount(hour)}点`
  const englishHour = englishNumber(hour)
  if (minute === 0) return { chinese: chineseHour, english: `${englishHour} o'clock` }
  if (minute === 15) return { chinese: `${chineseHour}一刻`, english: `a quarter past ${englishHour}` }
  if (minute === 30) return { chinese: `${chineseHour}半`, english: `half past ${englishHour}` }
  return {
    chinese: `${chineseHour}${chineseNumber(minute)}分`,
    english: `${englishHour} ${englishNumber(minute)}`,
  }
}
