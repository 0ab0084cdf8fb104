import { table, words } from './word.ts'
import type { Word } from './word.ts'

/** An adjective with its degrees. */
export interface Quality extends Word {
  readonly comparative: string
  readonly superlative: string
}

function qualities(text: string): Quality[] {
  return table(text).map(([chinese = '', english = '', comparative, superlative]) => ({
    chinese,
    english,
    comparative: comparative ?? `more ${english}`,
    superlative: superlative ?? `most ${english}`,
  }))
}

/** How somebody feels for now. */
export const moods: readonly Quality[] = qualities(`
  忙 | busy | busier | busiest
  累 | tired
  高兴 | happy | happier | happiest
  难过 | sad | sadder | saddest
  生气 | angry | angrier | angriest
  紧张 | nervous
  饿 | hungry | hungrier | hungriest
  渴 | thirsty | thirstier | thirstiest
`)

/** What somebody is like. */
export const traits: readonly Quality[] = qualities(`
  高 | tall | taller | tallest
  年轻 | young | younger | youngest
  聪明 | smart | smarter | smartest
  强壮 | strong | stronger | strongest
  认真 | serious
  善良 | kind | kinder | kindest
  安静 | quiet | quieter | quietest
  有名 | famous
  懒 | lazy | lazier | laziest
  勇敢 | brave | braver | bravest
`)

/** What a thing is like. */
export const thingQualities: readonly Quality[] = qualities(`
  大 | big | bigger | biggest
  小 | small | smaller | smallest
  新 | new | newer | newest
  旧 | old | older | oldest
  贵 | expensive
  便宜 | cheap | cheaper | cheapest
  漂亮 | beautiful
  干净 | clean | cleaner | cleanest
  脏 | dirty | dirtier | dirtiest
`)

/** What reading, films and subjects are like. */
export const contentQualities: readonly Quality[] = qualities(`
  有意思 | interesting
  难 | difficult
  容易 | easy | easier | easiest
  无聊 | boring
  重要 | important
  有用 | useful
`)

export const placeQualities: readonly Quality[] = qualities(`
  大 | big | bigger | biggest
  小 | small | smaller | smallest
  安静 | quiet | quieter | quietest
  漂亮 | beautiful
  干净 | clean | cleaner | cleanest
  有名 | famous
`)

export const temperatures: readonly Quality[] = qualities(`
  热 | hot | hotter | hottest
  冷 | cold | colder | coldest
  暖和 | warm | warmer | warmest
  凉快 | cool | cooler | coolest
`)

export const colors: readonly Word[] = words(`
  红色 | red
  蓝色 | blue
  绿色 | green
  黄色 | yellow
  白色 | white
  黑色 | black
`)
