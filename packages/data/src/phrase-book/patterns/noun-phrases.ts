import { colors } from '../lexicon/qualities.ts'
import { allThings, animals, crowd, fruit, servings, snacks } from '../lexicon/things.ts'
import { clothes, machines } from '../lexicon/things.ts'
import { phrase } from '../pattern.ts'
import type { Pattern } from '../pattern.ts'
import { somebody } from './cast.ts'
import { counted } from './having.ts'

/** Words without a sentence around them: no mark in Chinese, no capital and period in English. */
export const nounPhrases: readonly Pattern[] = [
  {
    name: 'counted-things',
    make(choose) {
      const things = counted(
        choose.one([...allThings, ...animals, ...crowd, ...fruit, ...snacks, ...servings]),
        choose.number(1, 12),
      )
      return phrase(things.chinese, things.english)
    },
  },
  {
    name: 'possession',
    make(choose) {
      const [owner, thing] = [somebody(choose), choose.one(allThings)]
      return phrase(
        `${owner.possessive.chinese}${thing.chinese}`,
        `${owner.possessive.english} ${thing.english}`,
      )
    },
  },
  {
    name: 'this-thing',
    make(choose) {
      const thing = choose.one([...allThings, ...animals])
      const [chinese, english] = choose.one([
        ['这', 'this'],
        ['那', 'that'],
      ] as const)
      return phrase(`${chinese}${thing.measure}${thing.chinese}`, `${english} ${thing.english}`)
    },
  },
  {
    name: 'colored-thing',
    make(choose) {
      const [thing, color] = [choose.one([...clothes, ...machines]), choose.one(colors)]
      return phrase(`${color.chinese}的${thing.chinese}`, `${color.english} ${thing.english}`)
    },
  },
]
