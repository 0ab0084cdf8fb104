import { words } from './word.ts'
import type { Word } from './word.ts'

/** Food as one speaks of it in general: countable food stands in the plural. */
export const foods: readonly Word[] = words(`
  米饭 | rice
  面条 | noodles
  饺子 | dumplings
  面包 | bread
  鱼 | fish
  鸡肉 | chicken
  牛肉 | beef
  豆腐 | tofu
  苹果 | apples
  香蕉 | bananas
  橙子 | oranges
  鸡蛋 | eggs
  蛋糕 | cake
  巧克力 | chocolate
  蔬菜 | vegetables
  西红柿 | tomatoes
`)

export const drinks: readonly Word[] = words(`
  水 | water
  茶 | tea
  绿茶 | green tea
  咖啡 | coffee
  牛奶 | milk
  果汁 | juice
`)

/** What one likes or not without eating it. */
export const interests: readonly Word[] = words(`
  音乐 | music
  电影 | movies
  运动 | sports
  花 | flowers
  猫 | cats
  狗 | dogs
  数学 | math
  历史 | history
  春天 | spring
  夏天 | summer
  秋天 | fall
  冬天 | winter
`)
