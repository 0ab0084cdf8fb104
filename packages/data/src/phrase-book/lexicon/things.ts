import { regularPlural } from '../language/noun.ts'
import { table } from './word.ts'
import type { Word } from './word.ts'

/** Something that can be counted, with the measure word that Chinese counts it by. */
export interface Thing extends Word {
  readonly measure: string
  readonly plural: string
}

function things(text: string): Thing[] {
  return table(text).map(([chinese = '', measure = '', english = '', plural = regularPlural(english)]) => ({
    chinese,
    measure,
    english,
    plural,
  }))
}

export const readingMatter: readonly Thing[] = things(`
  书 | 本 | book
  小说 | 本 | novel
  词典 | 本 | dictionary
  杂志 | 本 | magazine
  报纸 | 份 | newspaper
`)

/** Things to carry, lose and find. */
export const belongings: readonly Thing[] = things(`
  手机 | 部 | phone
  相机 | 台 | camera
  手表 | 块 | watch
  钥匙 | 把 | key
  雨伞 | 把 | umbrella
  书包 | 个 | schoolbag
  钱包 | 个 | wallet
  护照 | 本 | passport
  地图 | 张 | map
  票 | 张 | ticket
  铅笔 | 支 | pencil
  笔记本 | 个 | notebook
`)

/** Belongings that one buys for their looks; nobody speaks of the color of a ticket. */
export const goods: readonly Thing[] = belongings.filter(
  ({ english }) => !['passport', 'map', 'ticket', 'key'].includes(english),
)

export const clothes: readonly Thing[] = things(`
  毛衣 | 件 | sweater
  衬衫 | 件 | shirt
  外套 | 件 | coat
  裙子 | 条 | skirt
  围巾 | 条 | scarf | scarves
  帽子 | 顶 | hat
`)

export const furniture: readonly Thing[] = things(`
  桌子 | 张 | table
  椅子 | 把 | chair
  床 | 张 | bed
  沙发 | 张 | sofa
  书架 | 个 | bookshelf | bookshelves
  箱子 | 个 | box
`)

export const machines: readonly Thing[] = things(`
  电脑 | 台 | computer
  自行车 | 辆 | bicycle
  汽车 | 辆 | car
  冰箱 | 台 | refrigerator
  吉他 | 把 | guitar
`)

export const fruit: readonly Thing[] = things(`
  苹果 | 个 | apple
  橙子 | 个 | orange
  香蕉 | 根 | banana
  西瓜 | 个 | watermelon
  梨 | 个 | pear
`)

export const snacks: readonly Thing[] = things(`
  鸡蛋 | 个 | egg
  蛋糕 | 个 | cake
  三明治 | 个 | sandwich
  土豆 | 个 | potato | potatoes
  西红柿 | 个 | tomato | tomatoes
`)

/** What is served in a cup, bowl or bottle: 一杯茶, a cup of tea. */
export const servings: readonly Thing[] = things(`
  茶 | 杯 | cup of tea | cups of tea
  咖啡 | 杯 | cup of coffee | cups of coffee
  牛奶 | 杯 | glass of milk | glasses of milk
  果汁 | 杯 | glass of juice | glasses of juice
  水 | 瓶 | bottle of water | bottles of water
  汤 | 碗 | bowl of soup | bowls of soup
  面条 | 碗 | bowl of noodles | bowls of noodles
  米饭 | 碗 | bowl of rice | bowls of rice
`)

export const animals: readonly Thing[] = things(`
  猫 | 只 | cat
  狗 | 只 | dog
  鸟 | 只 | bird
  鱼 | 条 | fish | fish
  马 | 匹 | horse
  兔子 | 只 | rabbit
  羊 | 只 | sheep | sheep
  猴子 | 只 | monkey
`)

/** People as one counts them. */
export const crowd: readonly Thing[] = things(`
  学生 | 个 | student
  孩子 | 个 | child | children
  老师 | 位 | teacher
  客人 | 位 | guest
  男人 | 个 | man | men
  女人 | 个 | woman | women
`)

export const allThings: readonly Thing[] = [
  ...readingMatter,
  ...belongings,
  ...clothes,
  ...furniture,
  ...machines,
]
