import { words } from '../lexicon/word.ts'
import type { Word } from '../lexicon/word.ts'

/** Meeting, thanking, parting. */
export const greetings: readonly Word[] = words(`
  你好！ | Hello!
  你好吗？ | How are you?
  我很好，谢谢。 | I am very well, thank you.
  早上好！ | Good morning!
  下午好！ | Good afternoon!
  晚上好！ | Good evening!
  晚安！ | Good night!
  再见！ | Goodbye!
  明天见！ | See you tomorrow!
  下个星期见！ | See you next week!
  谢谢！ | Thank you!
  谢谢你的帮助。 | Thank you for your help.
  不客气。 | You are welcome.
  对不起。 | I am sorry.
  没关系。 | It does not matter.
  请进。 | Please come in.
  请坐。 | Please sit down.
  请等一下。 | Please wait a moment.
  请再说一遍。 | Please say that again.
  请说慢一点。 | Please speak more slowly.
  你叫什么名字？ | What is your name?
  我叫大卫。 | My name is David.
  我叫安娜。 | My name is Anna.
  很高兴认识你。 | I am very happy to meet you.
  好久不见！ | Long time no see!
  欢迎！ | Welcome!
  欢迎来中国！ | Welcome to China!
  你是哪国人？ | What country are you from?
  你住在哪里？ | Where do you live?
  你会说英语吗？ | Can you speak English?
  我会说一点中文。 | I can speak a little Chinese.
  我听不懂。 | I do not understand.
  你懂吗？ | Do you understand?
  是的。 | Yes.
  不是。 | No.
  当然！ | Of course!
  好的。 | All right.
  没问题。 | No problem.
  我不知道。 | I do not know.
  我也是。 | Me too.
  生日快乐！ | Happy birthday!
  新年快乐！ | Happy New Year!
  恭喜！ | Congratulations!
  祝你好运！ | Good luck to you!
  周末愉快！ | Have a good weekend!
  请代我问候你的家人。 | Please say hello to your family for me.
`)
