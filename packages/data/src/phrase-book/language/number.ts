const chineseDigits = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'] as const

/** A whole number from 0 to 9999 in Chinese, as it is read: 十二, 两百零五, 一千一百一十. */
export function chineseNumber(value: number): string {
  if (value < 10) return chineseDigits[value] as string
  if (value < 20) return `十${value === 10 ? '' : chineseNumber(value - 10)}`
  const [unit, name] =
    value >= 1000 ? ([1000, '千'] as const) : value >= 100 ? ([100, '百'] as const) : ([10, '十'] as const)
  const count = Math.floor(value / unit)
  const rest = value % unit
  // Before 百 and 千 two is 两; before 十 it stays 二.
  const head = `${count === 2 && unit > 10 ? '两' : chineseDigits[count]}${name}`
  if (rest === 0) return head
  const zero = rest < unit / 10 ? '零' : ''
  const one = rest >= 10 && rest < 20 ? '一' : ''
  return `${head}${zero}${one}${chineseNumber(rest)}`
}

/** A number before a measure word: two is 两 there. */
export function chineseCount(value: number): string {
  return value === 2 ? '两' : chineseNumber(value)
}

const englishBelowTwenty =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const englishTens = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')

/** A whole number from 0 to 9999 in American English words: two hundred five. */
export function englishNumber(value: number): string {
  if (value < 20) return englishBelowTwenty[value] as string
  if (value < 100) {
    const tens = englishTens[Math.floor(value / 10)] as string
    return value % 10 === 0 ? tens : `${tens}-${englishNumber(value % 10)}`
  }
  const [unit, name] = value >= 1000 ? ([1000, 'thousand'] as const) : ([100, 'hundred'] as const)
  const head = `${englishNumber(Math.floor(value / unit))} ${name}`
  return value % unit === 0 ? head : `${head} ${englishNumber(value % unit)}`
}
