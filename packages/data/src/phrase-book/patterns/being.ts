import { be, does } from '../language/agreement.ts'
import { regularPlural, withArticle } from '../language/noun.ts'
import { chineseNumber, englishNumber } from '../language/number.ts'
import { names, occupations, roles } from '../lexicon/people.ts'
import type { Subject } from '../lexicon/people.ts'
import { countries } from '../lexicon/places.ts'
import { colors, moods, thingQualities, traits } from '../lexicon/qualities.ts'
import { belongings, clothes, furniture, goods, machines, readingMatter } from '../lexicon/things.ts'
import type { Word } from '../lexicon/word.ts'
import { question, statement } from '../pattern.ts'
import type { Pattern } from '../pattern.ts'
import { other, person, single, somebody } from './cast.ts'

const owned = [...belongings, ...clothes, ...machines, ...readingMatter]
// Those of whom one can say "her lawyer".
const helpers = occupations.filter(({ english }) =>
  ['teacher', 'doctor', 'lawyer', 'driver', 'manager'].includes(english),
)
const faults = thingQualities.filter(({ english }) =>
  ['big', 'small', 'old', 'expensive', 'dirty'].includes(english),
)
const described = [...clothes, ...furniture, ...machines, ...goods]

function profession(subject: Subject, { english }: Word): string {
  return subject.several ? regularPlural(english) : withArticle(english)
}

/** Who and what people and things are: 是, 很, 不, 太…了, ages, colors. */
export const being: readonly Pattern[] = [
  {
    name: 'occupation',
    make(choose) {
      const [who, job] = [person(choose), choose.one(occupations)]
      return statement(`${who.chinese}是${job.chinese}`, `${who.english} ${be(who)} ${profession(who, job)}`)
    },
  },
  {
    name: 'not-occupation',
    make(choose) {
      const [who, job] = [person(choose), choose.one(occupations)]
      return statement(
        `${who.chinese}不是${job.chinese}`,
        `${who.english} ${be(who)} not ${profession(who, job)}`,
      )
    },
  },
  {
    name: 'occupation-question',
    make(choose) {
      const [who, job] = [other(choose), choose.one(occupations)]
      return question(`${who.chinese}是${job.chinese}吗`, `${be(who)} ${who.english} ${profession(who, job)}`)
    },
  },
  {
    name: 'nationality',
    make(choose) {
      const [who, { people }] = [somebody(choose), choose.one(countries)]
      return statement(`${who.chinese}是${people.chinese}`, `${who.english} ${be(who)} ${people.english}`)
    },
  },
  {
    name: 'origin',
    make(choose) {
      const [who, country] = [somebody(choose), choose.one(countries)]
      const come = who.agreement === 'singular' ? 'comes' : 'come'
      return statement(
        `${who.chinese}来自${country.chinese}`,
        `${who.english} ${come} from ${country.english}`,
      )
    },
  },
  {
    name: 'language',
    make(choose) {
      const [who, { language }] = [somebody(choose), choose.one(countries)]
      return statement(
        `${who.chinese}会说${language.chinese}`,
        `${who.english} can speak ${language.english}`,
      )
    },
  },
  {
    name: 'this-is-possession',
    make(choose) {
      const [owner, thing] = [somebody(choose), choose.one(owned)]
      const [chinese, english] = choose.one([
        ['这', 'this'],
        ['那', 'that'],
      ] as const)
      return statement(
        `${chinese}是${owner.possessive.chinese}${thing.chinese}`,
        `${english} is ${owner.possessive.english} ${thing.english}`,
      )
    },
  },
  {
    name: 'this-is-not-possession',
    make(choose) {
      const [owner, thing] = [somebody(choose), choose.one(owned)]
      const [chinese, english] = choose.one([
        ['这', 'this'],
        ['那', 'that'],
      ] as const)
      return statement(
        `${chinese}不是${owner.possessive.chinese}${thing.chinese}`,
        `${english} is not ${owner.possessive.english} ${thing.english}`,
      )
    },
  },
  {
    name: 'whose',
    make(choose) {
      const thing = choose.one(owned)
      const [chinese, english] = choose.one([
        ['这', 'this'],
        ['那', 'that'],
      ] as const)
      return question(`${chinese}是谁的${thing.chinese}`, `whose ${thing.english} is ${english}`)
    },
  },
  {
    name: 'whose-teacher',
    make(choose) {
      const [owner, role] = [choose.one([...names, other(choose)]), choose.one(helpers)]
      return question(
        `谁是${owner.possessive.chinese}${role.chinese}`,
        `who is ${owner.possessive.english} ${role.english}`,
      )
    },
  },
  {
    name: 'age',
    make(choose) {
      const who = single(choose)
      const years = choose.number(who.youngest, who.oldest)
      return statement(
        `${who.chinese}${chineseNumber(years)}岁`,
        `${who.english} ${be(who)} ${englishNumber(years)} years old`,
      )
    },
  },
  {
    name: 'how-old',
    make(choose) {
      const who = other(choose)
      return question(`${who.chinese}多大了`, `how old ${be(who)} ${who.english}`)
    },
  },
  {
    name: 'very-mood',
    make(choose) {
      const [who, mood] = [somebody(choose), choose.one([...moods, ...traits])]
      return statement(`${who.chinese}很${mood.chinese}`, `${who.english} ${be(who)} very ${mood.english}`)
    },
  },
  {
    name: 'not-mood-today',
    make(choose) {
      const [who, mood] = [somebody(choose), choose.one(moods)]
      return statement(
        `${who.chinese}今天不${mood.chinese}`,
        `${who.english} ${be(who)} not ${mood.english} today`,
      )
    },
  },
  {
    name: 'mood-question',
    make(choose) {
      const [who, mood] = [other(choose), choose.one([...moods, ...traits])]
      return question(`${who.chinese}${mood.chinese}吗`, `${be(who)} ${who.english} ${mood.english}`)
    },
  },
  {
    name: 'too',
    make(choose) {
      const [thing, quality] = [choose.one(described), choose.one(faults)]
      return statement(
        `这${thing.measure}${thing.chinese}太${quality.chinese}了`,
        `this ${thing.english} is too ${quality.english}`,
      )
    },
  },
  {
    name: 'that-thing-is',
    make(choose) {
      const [thing, quality] = [choose.one(described), choose.one(thingQualities)]
      return statement(
        `那${thing.measure}${thing.chinese}很${quality.chinese}`,
        `that ${thing.english} is very ${quality.english}`,
      )
    },
  },
  {
    name: 'color',
    make(choose) {
      const [owner, thing, color] = [
        single(choose),
        choose.one([...clothes, ...described]),
        choose.one(colors),
      ]
      return statement(
        `${owner.possessive.chinese}${thing.chinese}是${color.chinese}的`,
        `${owner.possessive.english} ${thing.english} is ${color.english}`,
      )
    },
  },
  {
    name: 'what-color',
    make(choose) {
      const [owner, thing] = [choose.one([other(choose), ...roles]), choose.one(described)]
      return question(
        `${owner.possessive.chinese}${thing.chinese}是什么颜色的`,
        `what color is ${owner.possessive.english} ${thing.english}`,
      )
    },
  },
  {
    name: 'does-not-speak',
    make(choose) {
      const [who, { language }] = [somebody(choose), choose.one(countries)]
      return statement(
        `${who.chinese}不会说${language.chinese}`,
        `${who.english} cannot speak ${language.english}`,
      )
    },
  },
  {
    name: 'know-language-question',
    make(choose) {
      const [who, { language }] = [other(choose), choose.one(countries)]
      return question(
        `${who.chinese}懂${language.chinese}吗`,
        `${does(who)} ${who.english} understand ${language.english}`,
      )
    },
  },
]
