import { have } from '../language/agreement.ts'
import { inflect } from '../language/inflect.ts'
import { adventures } from '../lexicon/actions.ts'
import type { Action } from '../lexicon/actions.ts'
import { cities, countries } from '../lexicon/places.ts'
import { question, statement } from '../pattern.ts'
import type { Pattern } from '../pattern.ts'
import { other, person, somebody } from './cast.ts'

const destinations = [...cities, ...countries]

/** 骑过马 */
function withGuo({ chineseVerb, chineseObject }: Action): string {
  return `${chineseVerb}过${chineseObject}`
}

/** What one has done in life: 过, 没…过. */
export const experience: readonly Pattern[] = [
  {
    name: 'has-done',
    make(choose) {
      const [who, adventure] = [person(choose), choose.one(adventures)]
      return statement(
        `${who.chinese}${withGuo(adventure)}`,
        `${who.english} ${have(who)} ${inflect(adventure, 'participle')} before`,
      )
    },
  },
  {
    name: 'has-never-done',
    make(choose) {
      const [who, adventure] = [person(choose), choose.one(adventures)]
      return statement(
        `${who.chinese}从来没${withGuo(adventure)}`,
        `${who.english} ${have(who)} never ${inflect(adventure, 'participle')}`,
      )
    },
  },
  {
    name: 'has-ever-done',
    make(choose) {
      const [who, adventure] = [other(choose), choose.one(adventures)]
      return question(
        `${who.chinese}${withGuo(adventure)}吗`,
        `${have(who)} ${who.english} ever ${inflect(adventure, 'participle')}`,
      )
    },
  },
  {
    name: 'has-been-to',
    make(choose) {
      const [who, where] = [somebody(choose), choose.one(destinations)]
      return statement(
        `${who.chinese}去过${where.chinese}`,
        `${who.english} ${have(who)} been to ${where.english}`,
      )
    },
  },
  {
    name: 'has-never-been-to',
    make(choose) {
      const [who, where] = [somebody(choose), choose.one(destinations)]
      return statement(
        `${who.chinese}没去过${where.chinese}`,
        `${who.english} ${have(who)} never been to ${where.english}`,
      )
    },
  },
  {
    name: 'has-ever-been-to',
    make(choose) {
      const [who, where] = [other(choose), choose.one(destinations)]
      return question(
        `${who.chinese}去过${where.chinese}吗`,
        `${have(who)} ${who.english} ever been to ${where.english}`,
      )
    },
  },
]
