import { words } from '../lexicon/word.ts'
import type { Word } from '../lexicon/word.ts'

/** Eating and drinking. */
export const food: readonly Word[] = words(`
  我饿了。 | I am hungry now.
  我渴了。 | I am thirsty now.
  我吃饱了。 | I am full.
  你吃饭了吗？ | Have you eaten yet?
  你想吃什么？ | What do you want to eat?
  你想喝什么？ | What do you want to drink?
  请给我菜单。 | Please give me the menu.
  请给我一双筷子。 | Please give me a pair of chopsticks.
  我想要一杯水。 | I would like a glass of water.
  我想要一杯热茶。 | I would like a cup of hot tea.
  请不要太辣。 | Not too spicy, please.
  太辣了！ | It is too spicy!
  真好吃！ | It is really delicious!
  这个汤太热了。 | This soup is too hot.
  这个菜很好吃。 | This dish is delicious.
  我不吃肉。 | I do not eat meat.
  我不喝酒。 | I do not drink alcohol.
  请买单。 | The bill, please.
  一共多少钱？ | How much is it in all?
  这里有人坐吗？ | Is anyone sitting here?
  我最喜欢的水果是苹果。 | My favorite fruit is the apple.
  她做的饭很好吃。 | The food she cooks is delicious.
  我们一起吃晚饭吧。 | Let us eat dinner together.
  早饭 | breakfast
  午饭 | lunch
  晚饭 | dinner
  水 | water
  茶 | tea
  绿茶 | green tea
  咖啡 | coffee
  牛奶 | milk
  果汁 | juice
  米饭 | rice
  面条 | noodles
  饺子 | dumplings
  面包 | bread
  豆腐 | tofu
  鸡肉 | chicken
  牛肉 | beef
  蔬菜 | vegetables
  水果 | fruit
  巧克力 | chocolate
  北京烤鸭 | Beijing duck
  一杯茶 | a cup of tea
  一碗米饭 | a bowl of rice
`)
