import { words } from '../lexicon/word.ts'
import type { Word } from '../lexicon/word.ts'

/** Body and health. */
export const health: readonly Word[] = words(`
  你怎么了？ | What is wrong with you?
  我病了。 | I am sick.
  我头疼。 | I have a headache.
  我感冒了。 | I have a cold.
  我发烧了。 | I have a fever.
  我的手很疼。 | My hand hurts.
  我需要看医生。 | I need to see a doctor.
  请给我一点水。 | Please give me some water.
  你应该多喝水。 | You should drink more water.
  好好休息。 | Have a good rest.
  我好多了。 | I am much better.
  我没事。 | I am fine.
  医生，我要吃什么药？ | Doctor, what medicine should I take?
  这个药一天吃三次。 | Take this medicine three times a day.
  手 | hand
  头 | head
  眼睛 | eyes
  耳朵 | ears
`)
