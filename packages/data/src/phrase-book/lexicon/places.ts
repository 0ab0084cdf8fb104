import { table, words } from './word.ts'
import type { Word } from './word.ts'

/** A place with the English that its role in the sentence asks for. */
export interface Place extends Word {
  /** bank, beside `english`, the bank */
  readonly name: string
  /** 在图书馆, in the library */
  readonly at: string
  /** 去图书馆, to the library */
  readonly to: string
}

function places(text: string): Place[] {
  return table(text).map(([chinese = '', english = '', at = '', to = '']) => ({
    chinese,
    name: english,
    english: `the ${english}`,
    at: at || `in the ${english}`,
    to: to || `to the ${english}`,
  }))
}

export const townPlaces: readonly Place[] = places(`
  学校 | school | at school | to school
  图书馆 | library
  公园 | park
  医院 | hospital
  银行 | bank | at the bank
  邮局 | post office | at the post office
  超市 | supermarket | at the supermarket
  饭馆 | restaurant | at the restaurant
  咖啡馆 | coffee shop
  电影院 | movie theater | at the movie theater
  火车站 | train station | at the train station
  机场 | airport | at the airport
  酒店 | hotel | at the hotel
  博物馆 | museum
  动物园 | zoo | at the zoo
  书店 | bookstore
  体育馆 | gym | at the gym
  市场 | market | at the market
  大学 | university | at the university
`)

export const rooms: readonly Place[] = places(`
  厨房 | kitchen
  客厅 | living room
  卧室 | bedroom
  花园 | garden
  教室 | classroom
  办公室 | office
`)

/** Where people earn their living: 在银行工作, works at a bank. */
export const workplaces: readonly Word[] = words(`
  银行 | at a bank
  医院 | at a hospital
  学校 | at a school
  大学 | at a university
  超市 | at a supermarket
  酒店 | at a hotel
  饭馆 | at a restaurant
  书店 | at a bookstore
  博物馆 | at a museum
  工厂 | at a factory
`)

export const cities: readonly Word[] = words(`
  北京 | Beijing
  上海 | Shanghai
  广州 | Guangzhou
  香港 | Hong Kong
  东京 | Tokyo
  伦敦 | London
  巴黎 | Paris
  纽约 | New York
`)

/** A country with its people and its language. */
export interface Country extends Word {
  readonly people: Word
  readonly language: Word
}

export const countries: readonly Country[] = table(`
  中国 | China | Chinese | 中文 | Chinese
  日本 | Japan | Japanese | 日语 | Japanese
  法国 | France | French | 法语 | French
  德国 | Germany | German | 德语 | German
  意大利 | Italy | Italian | 意大利语 | Italian
  俄罗斯 | Russia | Russian | 俄语 | Russian
  英国 | Britain | British | 英语 | English
  美国 | America | American | 英语 | English
`).map(([chinese = '', english = '', people = '', language = '', languageName = '']) => ({
  chinese,
  english,
  people: { chinese: `${chinese}人`, english: people },
  language: { chinese: language, english: languageName },
}))

/** Where a thing lies: 在桌子上, on the table. */
export const sides: readonly Word[] = words(`
  上 | on
  下面 | under
  旁边 | next to
  后面 | behind
`)

/** Where a building stands: 在银行对面, across from the bank. */
export const neighborhoods: readonly Word[] = words(`
  旁边 | next to
  对面 | across from
  后面 | behind
  前面 | in front of
`)
