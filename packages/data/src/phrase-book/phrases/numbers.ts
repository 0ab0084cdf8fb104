import { words } from '../lexicon/word.ts'
import type { Word } from '../lexicon/word.ts'

/** Counting and paying. */
export const numbers: readonly Word[] = words(`
  零 | zero
  一 | one
  二 | two
  三 | three
  四 | four
  五 | five
  六 | six
  七 | seven
  八 | eight
  九 | nine
  十 | ten
  十一 | eleven
  十二 | twelve
  十三 | thirteen
  十四 | fourteen
  十五 | fifteen
  二十 | twenty
  三十 | thirty
  四十 | forty
  五十 | fifty
  一百 | one hundred
  两百 | two hundred
  一千 | one thousand
  两千 | two thousand
  一加一等于二。 | One plus one is two.
  二加二等于四。 | Two plus two is four.
  第一 | first
  第二 | second
  第三 | third
  多少钱？ | How much is it?
  太贵了！ | It is too expensive!
  可以便宜一点吗？ | Can it be a little cheaper?
  我买这个。 | I will buy this one.
  我不买，谢谢。 | I will not buy it, thank you.
  我可以看看吗？ | May I have a look?
  还有别的颜色吗？ | Is there another color?
  还有大一点的吗？ | Is there a bigger one?
  我没有钱。 | I do not have any money.
  你的电话号码是多少？ | What is your phone number?
`)
