import { futureTimes } from '../lexicon/calendar.ts'
import { cities } from '../lexicon/places.ts'
import { temperatures } from '../lexicon/qualities.ts'
import { words } from '../lexicon/word.ts'
import { question, statement } from '../pattern.ts'
import type { Pattern } from '../pattern.ts'

const falling = words(`
  下雨 | rain
  下雪 | snow
`)

const seasons = words(`
  春天 | spring
  夏天 | summer
  秋天 | fall
  冬天 | winter
`)

/** The weather in cities. */
export const weather: readonly Pattern[] = [
  {
    name: 'city-is-cold',
    make(choose) {
      const [city, temperature] = [choose.one(cities), choose.one(temperatures)]
      const [chinese, english, be] = choose.one([
        ['今天', 'today', 'is'],
        ['昨天', 'yesterday', 'was'],
      ] as const)
      return statement(
        `${city.chinese}${chinese}很${temperature.chinese}`,
        `it ${be} very ${temperature.english} in ${city.english} ${english}`,
      )
    },
  },
  {
    name: 'city-than-city',
    make(choose) {
      const [[first, second], temperature] = [choose.two(cities), choose.one(temperatures)]
      return statement(
        `${first.chinese}比${second.chinese}${temperature.chinese}`,
        `${first.english} is ${temperature.comparative} than ${second.english}`,
      )
    },
  },
  {
    name: 'will-rain',
    make(choose) {
      const [city, fall, time] = [choose.one(cities), choose.one(falling), choose.one(futureTimes)]
      return statement(
        `${time.chinese}${city.chinese}会${fall.chinese}`,
        `it will ${fall.english} in ${city.english} ${time.english}`,
      )
    },
  },
  {
    name: 'will-rain-question',
    make(choose) {
      const [city, fall, time] = [choose.one(cities), choose.one(falling), choose.one(futureTimes)]
      return question(
        `${time.chinese}${city.chinese}会${fall.chinese}吗`,
        `will it ${fall.english} in ${city.english} ${time.english}`,
      )
    },
  },
  {
    name: 'season-in-city',
    make(choose) {
      const [city, season, temperature] = [choose.one(cities), choose.one(seasons), choose.one(temperatures)]
      return statement(
        `${city.chinese}的${season.chinese}很${temperature.chinese}`,
        `${season.english} in ${city.english} is very ${temperature.english}`,
      )
    },
  },
]
