import { be, does, present } from '../language/agreement.ts'
import { withArticle } from '../language/noun.ts'
import { chineseNumber, englishNumber } from '../language/number.ts'
import { verbOf } from '../lexicon/actions.ts'
import { lastPeriods, nextPeriods } from '../lexicon/calendar.ts'
import { cities, neighborhoods, rooms, sides, townPlaces, workplaces } from '../lexicon/places.ts'
import { animals, belongings, clothes, crowd, fruit, furniture, readingMatter } from '../lexicon/things.ts'
import { words } from '../lexicon/word.ts'
import { question, statement } from '../pattern.ts'
import type { Pattern } from '../pattern.ts'
import { other, person, somebody } from './cast.ts'
import { counted } from './having.ts'

const small = [...belongings, ...fruit, ...readingMatter]
const movable = [...belongings, ...readingMatter, ...clothes]
const pets = animals.filter(({ english }) => ['cat', 'dog', 'bird', 'rabbit'].includes(english))
const surfaces = furniture.filter(({ english }) => english !== 'bookshelf')

const vehicles = words(`
  坐公共汽车 | by bus
  坐地铁 | by subway
  坐火车 | by train
  开车 | by car
  骑自行车 | by bicycle
  走路 | on foot
`)

/** Where things, people and buildings are, and how to get there. */
export const place: readonly Pattern[] = [
  {
    name: 'there-is-on',
    make(choose) {
      const [surface, side, count] = [choose.one(surfaces), choose.one(sides), choose.number(1, 4)]
      const things = counted(choose.one(side.english === 'on' ? small : [...small, ...pets]), count)
      return statement(
        `${surface.chinese}${side.chinese}有${things.chinese}`,
        `there ${count === 1 ? 'is' : 'are'} ${things.english} ${side.english} the ${surface.english}`,
      )
    },
  },
  {
    name: 'there-are-many-people',
    make(choose) {
      const [where, people] = [choose.one([...townPlaces, ...rooms]), choose.one(crowd)]
      return statement(
        `${where.chinese}里有很多${people.chinese}`,
        `there are many ${people.plural} ${where.at}`,
      )
    },
  },
  {
    name: 'there-are-people',
    make(choose) {
      const [where, people] = [
        choose.one([...townPlaces, ...rooms]),
        counted(choose.one(crowd), choose.number(2, 40)),
      ]
      return statement(`${where.chinese}里有${people.chinese}`, `there are ${people.english} ${where.at}`)
    },
  },
  {
    name: 'where-is',
    make(choose) {
      const [owner, thing] = [somebody(choose), choose.one(movable)]
      return question(
        `${owner.possessive.chinese}${thing.chinese}在哪里`,
        `where is ${owner.possessive.english} ${thing.english}`,
      )
    },
  },
  {
    name: 'thing-is-at',
    make(choose) {
      const [owner, thing, surface, side] = [
        person(choose),
        choose.one(movable),
        choose.one(surfaces),
        choose.one(sides),
      ]
      return statement(
        `${owner.possessive.chinese}${thing.chinese}在${surface.chinese}${side.chinese}`,
        `${owner.possessive.english} ${thing.english} is ${side.english} the ${surface.english}`,
      )
    },
  },
  {
    name: 'person-is-at',
    make(choose) {
      const [who, where] = [somebody(choose), choose.one([...townPlaces, ...rooms])]
      return statement(`${who.chinese}现在在${where.chinese}`, `${who.english} ${be(who)} ${where.at} now`)
    },
  },
  {
    name: 'person-is-at-question',
    make(choose) {
      const [who, where] = [other(choose), choose.one([...townPlaces, ...rooms])]
      return question(`${who.chinese}在${where.chinese}吗`, `${be(who)} ${who.english} ${where.at}`)
    },
  },
  {
    name: 'person-is-not-at',
    make(choose) {
      const [who, where] = [somebody(choose), choose.one([...townPlaces, ...rooms])]
      return statement(`${who.chinese}不在${where.chinese}`, `${who.english} ${be(who)} not ${where.at}`)
    },
  },
  {
    name: 'building',
    make(choose) {
      const [[first, second], side] = [choose.two(townPlaces), choose.one(neighborhoods)]
      return statement(
        `${first.chinese}在${second.chinese}${side.chinese}`,
        `${first.english} is ${side.english} ${second.english}`,
      )
    },
  },
  {
    name: 'nearby-question',
    make(choose) {
      const where = choose.one(townPlaces)
      return question(`这附近有${where.chinese}吗`, `is there ${withArticle(where.name)} near here`)
    },
  },
  {
    name: 'distance',
    make(choose) {
      const [first, second] = choose.two(townPlaces)
      const [chinese, english] = choose.one([
        ['很远', 'far from'],
        ['很近', 'close to'],
        ['不远', 'not far from'],
      ] as const)
      return statement(
        `${first.chinese}离${second.chinese}${chinese}`,
        `${first.english} is ${english} ${second.english}`,
      )
    },
  },
  {
    name: 'way-question',
    make(choose) {
      const where = choose.one(townPlaces)
      return question(`去${where.chinese}怎么走`, `how do I get ${where.to}`)
    },
  },
  {
    name: 'how-long',
    make(choose) {
      const [[first, second], minutes] = [choose.two(townPlaces), choose.number(1, 11) * 5]
      return statement(
        `从${first.chinese}到${second.chinese}要${chineseNumber(minutes)}分钟`,
        `it takes ${englishNumber(minutes)} minutes to get from ${first.english} to ${second.english}`,
      )
    },
  },
  {
    name: 'goes-by',
    make(choose) {
      const [who, where, vehicle] = [somebody(choose), choose.one(townPlaces), choose.one(vehicles)]
      return statement(
        `${who.chinese}${vehicle.chinese}去${where.chinese}`,
        `${who.english} ${present(who, verbOf('go'))} ${where.to} ${vehicle.english}`,
      )
    },
  },
  {
    name: 'how-does-get',
    make(choose) {
      const [who, where] = [other(choose), choose.one(townPlaces)]
      return question(
        `${who.chinese}怎么去${where.chinese}`,
        `how ${does(who)} ${who.english} get ${where.to}`,
      )
    },
  },
  {
    name: 'went-to-city',
    make(choose) {
      const [who, city, time] = [somebody(choose), choose.one(cities), choose.one(lastPeriods)]
      return statement(
        `${who.chinese}${time.chinese}去了${city.chinese}`,
        `${who.english} went to ${city.english} ${time.english}`,
      )
    },
  },
  {
    name: 'will-go-to-city',
    make(choose) {
      const [who, city, time] = [somebody(choose), choose.one(cities), choose.one(nextPeriods)]
      return statement(
        `${time.chinese}${who.chinese}要去${city.chinese}`,
        `${time.english}, ${who.english} ${be(who)} going to ${city.english}`,
      )
    },
  },
  {
    name: 'lives-in',
    make(choose) {
      const [who, city] = [somebody(choose), choose.one(cities)]
      return statement(
        `${who.chinese}住在${city.chinese}`,
        `${who.english} ${present(who, verbOf('live'))} in ${city.english}`,
      )
    },
  },
  {
    name: 'works-at',
    make(choose) {
      const [who, workplace] = [person(choose), choose.one(workplaces)]
      return statement(
        `${who.chinese}在${workplace.chinese}工作`,
        `${who.english} ${present(who, verbOf('work'))} ${workplace.english}`,
      )
    },
  },
]
