import { verbOf } from '../lexicon/actions.ts'
import { sides } from '../lexicon/places.ts'
import { belongings, clothes, furniture, machines, readingMatter } from '../lexicon/things.ts'
import type { Thing } from '../lexicon/things.ts'
import { table, words } from '../lexicon/word.ts'
import { statement } from '../pattern.ts'
import type { Pattern } from '../pattern.ts'
import { person, somebody } from './cast.ts'

const movable = [...belongings, ...clothes, ...readingMatter]
const surfaces = furniture.filter(({ english }) => english !== 'bookshelf')

/** What can happen to things: 弄丢, lose; and to which. */
const mishaps = table(`
  打破 | break | 杯子 = cup, 盘子 = plate, 窗户 = window, 镜子 = mirror, 花瓶 = vase
  修好 | repair | 电脑 = computer, 自行车 = bicycle, 汽车 = car, 手表 = watch, 冰箱 = refrigerator, 相机 = camera
  卖掉 | sell | 电脑 = computer, 自行车 = bicycle, 汽车 = car, 吉他 = guitar, 沙发 = sofa, 相机 = camera
  弄丢 | lose | 手机 = phone, 手表 = watch, 钥匙 = key, 雨伞 = umbrella, 护照 = passport, 票 = ticket, 地图 = map, 帽子 = hat
  洗干净 | wash | 杯子 = cup, 盘子 = plate, 毛衣 = sweater, 衬衫 = shirt, 裙子 = skirt, 汽车 = car
  吃掉 | eat | 蛋糕 = cake, 米饭 = rice, 面条 = noodles, 饺子 = dumplings
  借走 | borrow | 词典 = dictionary, 自行车 = bicycle, 相机 = camera, 雨伞 = umbrella, 吉他 = guitar, 地图 = map
  拿走 | take | 书包 = schoolbag, 钱包 = wallet, 外套 = coat, 钥匙 = key, 报纸 = newspaper, 箱子 = box
`).flatMap(([chineseVerb = '', base = '', objects = '']) =>
  objects.split(', ').map((object) => {
    const [chinese = '', english = ''] = object.split(' = ')
    return { chineseVerb, verb: verbOf(base), chinese, english, several: /(noodles|dumplings)/.test(english) }
  }),
)

const orders = words(`
  把门关上 | close the door
  把门打开 | open the door
  把窗户关上 | close the window
  把窗户打开 | open the window
  把书打开 | open the book
  把书包打开 | open the schoolbag
  把箱子打开 | open the box
  把电视关掉 | turn off the TV
  把电脑关掉 | turn off the computer
  把灯关掉 | turn off the light
  把手机关掉 | turn off the phone
  把广播关掉 | turn off the radio
`)

const stealable: readonly Thing[] = [...belongings, ...machines, ...clothes]

/** Word order with 把 and 被. */
export const baAndBei: readonly Pattern[] = [
  {
    name: 'ba-order',
    make(choose) {
      const order = choose.one(orders)
      return statement(`请${order.chinese}`, `please ${order.english}`)
    },
  },
  {
    name: 'ba-put-order',
    make(choose) {
      const [thing, surface, side] = [choose.one(movable), choose.one(surfaces), choose.one(sides)]
      return statement(
        `请把${thing.chinese}放在${surface.chinese}${side.chinese}`,
        `please put the ${thing.english} ${side.english} the ${surface.english}`,
      )
    },
  },
  {
    name: 'ba-put',
    make(choose) {
      const [who, thing, surface, side] = [
        somebody(choose),
        choose.one(movable),
        choose.one(surfaces),
        choose.one(sides),
      ]
      return statement(
        `${who.chinese}把${thing.chinese}放在${surface.chinese}${side.chinese}了`,
        `${who.english} put the ${thing.english} ${side.english} the ${surface.english}`,
      )
    },
  },
  {
    name: 'ba',
    make(choose) {
      const [who, mishap] = [somebody(choose), choose.one(mishaps)]
      return statement(
        `${who.chinese}把${mishap.chinese}${mishap.chineseVerb}了`,
        `${who.english} ${mishap.verb.past} the ${mishap.english}`,
      )
    },
  },
  {
    name: 'bei',
    make(choose) {
      const [who, mishap] = [somebody(choose), choose.one(mishaps)]
      return statement(
        `${mishap.chinese}被${who.chinese}${mishap.chineseVerb}了`,
        `the ${mishap.english} ${mishap.several ? 'were' : 'was'} ${mishap.verb.participle} by ${who.object}`,
      )
    },
  },
  {
    name: 'bei-stolen',
    make(choose) {
      const [owner, thing] = [person(choose), choose.one(stealable)]
      return statement(
        `${owner.possessive.chinese}${thing.chinese}被偷了`,
        `${owner.possessive.english} ${thing.english} was stolen`,
      )
    },
  },
]
