import { be } from '../language/agreement.ts'
import { he, me, names, she, you } from '../lexicon/people.ts'
import type { Person } from '../lexicon/people.ts'
import { townPlaces } from '../lexicon/places.ts'
import { moods, placeQualities, thingQualities, traits } from '../lexicon/qualities.ts'
import type { Quality } from '../lexicon/qualities.ts'
import { clothes, fruit, furniture, goods, machines } from '../lexicon/things.ts'
import { words } from '../lexicon/word.ts'
import { statement } from '../pattern.ts'
import type { Choose, Pattern } from '../pattern.ts'
import { person, single } from './cast.ts'

// Whose grandfather is younger than whose son is better not asked.
const comparedTraits = traits.filter(({ english }) => english !== 'young')
const growingTraits = comparedTraits.filter(({ english }) => english !== 'tall')
const comparedThings = [...clothes, ...furniture, ...machines]

const fruitQualityPairs = words(`
  又大又甜 | both big and sweet
  又小又酸 | both small and sour
  又大又新鲜 | both big and fresh
  又便宜又好吃 | both cheap and delicious
`)

const thingQualityPairs = words(`
  又旧又脏 | both old and dirty
  又新又干净 | both new and clean
  又便宜又漂亮 | both cheap and beautiful
  又小又贵 | both small and expensive
  又大又漂亮 | both big and beautiful
`)

function twoSingle(choose: Choose): [Person, Person] {
  const first = single(choose)
  let second = single(choose)
  while (second === first) second = single(choose)
  return [first, second]
}

/** busier and busier, more and more tired */
function increasing({ english, comparative }: Quality): string {
  return comparative.startsWith('more ') ? `more and more ${english}` : `${comparative} and ${comparative}`
}

/** 比, 没有…那么, 跟…一样, 最, 越来越, 又…又. */
export const comparison: readonly Pattern[] = [
  {
    name: 'person-than-person',
    make(choose) {
      const [[first, second], trait] = [twoSingle(choose), choose.one(comparedTraits)]
      return statement(
        `${first.chinese}比${second.chinese}${trait.chinese}`,
        `${first.english} ${be(first)} ${trait.comparative} than ${second.object}`,
      )
    },
  },
  {
    name: 'person-not-as',
    make(choose) {
      const [[first, second], trait] = [twoSingle(choose), choose.one(comparedTraits)]
      return statement(
        `${first.chinese}没有${second.chinese}那么${trait.chinese}`,
        `${first.english} ${be(first)} not as ${trait.english} as ${second.object}`,
      )
    },
  },
  {
    name: 'person-as',
    make(choose) {
      const [[first, second], trait] = [twoSingle(choose), choose.one(comparedTraits)]
      return statement(
        `${first.chinese}跟${second.chinese}一样${trait.chinese}`,
        `${first.english} ${be(first)} as ${trait.english} as ${second.object}`,
      )
    },
  },
  {
    name: 'thing-than-thing',
    make(choose) {
      const [thing, quality] = [choose.one(comparedThings), choose.one(thingQualities)]
      return statement(
        `这${thing.measure}${thing.chinese}比那${thing.measure}${quality.chinese}`,
        `this ${thing.english} is ${quality.comparative} than that one`,
      )
    },
  },
  {
    name: 'most-in-class',
    make(choose) {
      const [who, trait] = [choose.one([me, you, he, she, ...names]), choose.one(traits)]
      return statement(
        `${who.chinese}是我们班最${trait.chinese}的学生`,
        `${who.english} ${be(who)} the ${trait.superlative} student in our class`,
      )
    },
  },
  {
    name: 'most-in-city',
    make(choose) {
      const [place, quality] = [choose.one(townPlaces), choose.one(placeQualities)]
      return statement(
        `这是这个城市最${quality.chinese}的${place.chinese}`,
        `this is the ${quality.superlative} ${place.name} in the city`,
      )
    },
  },
  {
    name: 'more-and-more',
    make(choose) {
      const [who, quality] = [person(choose), choose.one([...moods, ...growingTraits])]
      return statement(
        `${who.chinese}越来越${quality.chinese}了`,
        `${who.english} ${be(who)} getting ${increasing(quality)}`,
      )
    },
  },
  {
    name: 'fruit-both',
    make(choose) {
      const [thing, both] = [choose.one(fruit), choose.one(fruitQualityPairs)]
      return statement(
        `这${thing.measure}${thing.chinese}${both.chinese}`,
        `this ${thing.english} is ${both.english}`,
      )
    },
  },
  {
    name: 'thing-both',
    make(choose) {
      const [thing, both] = [choose.one([...comparedThings, ...goods]), choose.one(thingQualityPairs)]
      return statement(
        `那${thing.measure}${thing.chinese}${both.chinese}`,
        `that ${thing.english} is ${both.english}`,
      )
    },
  },
]
