import { words } from '../lexicon/word.ts'
import type { Word } from '../lexicon/word.ts'

/** Relatives and home. */
export const family: readonly Word[] = words(`
  这是我妈妈。 | This is my mother.
  这是我爸爸。 | This is my father.
  她是我的女儿。 | She is my daughter.
  他是我的儿子。 | He is my son.
  他们是我的朋友。 | They are my friends.
  你家有几口人？ | How many people are there in your family?
  我家有五口人。 | There are five people in my family.
  我有一个哥哥。 | I have an older brother.
  我有一个妹妹。 | I have a younger sister.
  我没有姐姐。 | I do not have an older sister.
  我有两个孩子。 | I have two children.
  我爱我的家人。 | I love my family.
  我想家。 | I miss home.
  我奶奶做的饺子很好吃。 | The dumplings my grandmother makes are delicious.
  我爸爸在银行工作。 | My father works at a bank.
  你结婚了吗？ | Are you married?
  我们要结婚了。 | We are getting married.
  孩子们睡着了。 | The children are asleep.
  门开着。 | The door is open.
  我要回家。 | I am going home.
  我在家。 | I am at home.
  家 | home
  朋友 | friend
  孩子 | child
  爸爸 | father
  妈妈 | mother
  哥哥 | older brother
  姐姐 | older sister
  弟弟 | younger brother
  妹妹 | younger sister
  爷爷 | grandfather
  奶奶 | grandmother
  儿子 | son
  女儿 | daughter
  我的朋友 | my friend
  我的家人 | my family
`)
