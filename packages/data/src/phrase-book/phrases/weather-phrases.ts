import { words } from '../lexicon/word.ts'
import type { Word } from '../lexicon/word.ts'

/** Weather and seasons. */
export const weatherPhrases: readonly Word[] = words(`
  今天天气怎么样？ | How is the weather today?
  明天天气怎么样？ | How will the weather be tomorrow?
  今天天气很好。 | The weather is very good today.
  昨天天气不好。 | The weather was not good yesterday.
  外面在下雨。 | It is raining outside.
  外面在下雪。 | It is snowing outside.
  下雨了！ | It is raining now!
  今天很热。 | It is very hot today.
  今天很冷。 | It is very cold today.
  今天不冷也不热。 | It is neither cold nor hot today.
  外面很冷。 | It is very cold outside.
  天气越来越热了。 | The weather is getting hotter and hotter.
  天气越来越冷了。 | The weather is getting colder and colder.
  春天来了。 | Spring is here.
  冬天来了。 | Winter is here.
  冬天这里常常下雪。 | It often snows here in winter.
  夏天这里很热。 | It is very hot here in summer.
  别忘了带雨伞。 | Do not forget to bring an umbrella.
  我最喜欢的季节是秋天。 | My favorite season is fall.
  因为下雨，所以我们在家。 | Because it is raining, we are at home.
  春天 | spring
  夏天 | summer
  秋天 | fall
  冬天 | winter
  雨 | rain
  雪 | snow
  风 | wind
  太阳 | sun
  月亮 | moon
`)
