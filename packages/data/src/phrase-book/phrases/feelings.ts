import { words } from '../lexicon/word.ts'
import type { Word } from '../lexicon/word.ts'

/** Love and moods; here the order of the words decides. */
export const feelings: readonly Word[] = words(`
  我爱你 | I love you
  你爱我 | you love me
  我爱他 | I love him
  他爱我 | he loves me
  我爱她 | I love her
  她爱我 | she loves me
  你爱他 | you love him
  他爱你 | he loves you
  你爱她 | you love her
  她爱你 | she loves you
  他爱她 | he loves her
  她爱他 | she loves him
  我们爱你 | we love you
  你爱我们 | you love us
  他们爱我 | they love me
  我爱他们 | I love them
  我喜欢你 | I like you
  你喜欢我 | you like me
  他喜欢她 | he likes her
  她喜欢他 | she likes him
  我认识他 | I know him
  他认识我 | he knows me
  我认识她 | I know her
  她认识我 | she knows me
  我帮助你 | I help you
  你帮助我 | you help me
  他帮助她 | he helps her
  她帮助他 | she helps him
  我想念你 | I miss you
  你想念我 | you miss me
  我相信你 | I trust you
  你相信我 | you trust me
  汤姆爱玛丽 | Tom loves Mary
  玛丽爱汤姆 | Mary loves Tom
  大卫喜欢安娜 | David likes Anna
  安娜喜欢大卫 | Anna likes David
  你爱我吗？ | Do you love me?
  你想我吗？ | Do you miss me?
  我很高兴。 | I am very happy.
  我很难过。 | I am very sad.
  我今天很累。 | I am very tired today.
  别生气。 | Do not be angry.
  别紧张。 | Do not be nervous.
  别哭。 | Do not cry.
  我害怕。 | I am afraid.
  我爱上了她。 | I fell in love with her.
  你真漂亮！ | You are really beautiful!
  你真聪明！ | You are really smart!
  太好了！ | Great!
  真有意思！ | How interesting!
`)
