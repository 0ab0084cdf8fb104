import { futureTimes } from '../lexicon/calendar.ts'
import { cities } from '../lexicon/places.ts'
import { temperatures } from '../lexicon/qualities.ts'
import { table, words } from '../lexicon/word.ts'
import { question, statement } from '../pattern.ts'
import type { Pattern } from '../pattern.ts'

const falling = words(`
  下雨 | rain
  下雪 | snow
`)

/** Seasons as they can be somewhere: no hot winter. */
const seasons = table(`
  春天很暖和 | spring | warm
  春天很凉快 | spring | cool
  夏天很热 | summer | hot
  夏天很凉快 | summer | cool
  秋天很凉快 | fall | cool
  秋天很暖和 | fall | warm
  冬天很冷 | winter | cold
  冬天很暖和 | winter | warm
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
      const city = choose.one(cities)
      const [chinese, season, temperature] = choose.one(seasons)
      return statement(`${city.chinese}的${chinese}`, `${season} in ${city.english} is very ${temperature}`)
    },
  },
]
