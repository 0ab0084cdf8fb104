import { words } from '../lexicon/word.ts'
import type { Word } from '../lexicon/word.ts'

/** Everything else of a day. */
export const everyday: readonly Word[] = words(`
  这是什么？ | What is this?
  那是什么？ | What is that?
  他是谁？ | Who is he?
  她是谁？ | Who is she?
  谁在那里？ | Who is there?
  是我。 | It is me.
  为什么？ | Why?
  什么时候？ | When?
  在哪里？ | Where?
  怎么走？ | How do I get there?
  哪一个？ | Which one?
  你在做什么？ | What are you doing?
  你在听吗？ | Are you listening?
  我在听音乐。 | I am listening to music.
  你喜欢什么音乐？ | What music do you like?
  你有什么爱好？ | What are your hobbies?
  我的爱好是画画。 | My hobby is drawing pictures.
  你做什么工作？ | What work do you do?
  我是工程师。 | I am an engineer.
  走吧！ | Let us go!
  来吧！ | Come on!
  坐下。 | Sit down.
  过来。 | Come here.
  看！ | Look!
  听！ | Listen!
  安静！ | Be quiet!
  请帮我开门。 | Please open the door for me.
  请关灯。 | Please turn off the light.
  别说话。 | Do not talk.
  别忘了我。 | Do not forget me.
  别担心。 | Do not worry.
  我同意。 | I agree.
  我不同意。 | I do not agree.
  我觉得很好。 | I think it is very good.
  我也这么想。 | I think so too.
  可能吧。 | Maybe.
  真的吗？ | Really?
  我来自德国。 | I come from Germany.
  我住在纽约。 | I live in New York.
  我的猫很懒。 | My cat is very lazy.
  狗在睡觉。 | The dog is sleeping.
  两只鸟在唱歌。 | Two birds are singing.
  猫在椅子下面睡觉。 | The cat is sleeping under the chair.
  今天是我的生日。 | Today is my birthday.
  这个礼物是给你的。 | This present is for you.
  我丢了钥匙。 | I lost my key.
  红色 | red
  蓝色 | blue
  绿色 | green
  黄色 | yellow
  白色 | white
  黑色 | black
  猫 | cat
  狗 | dog
  鸟 | bird
  鱼 | fish
  马 | horse
  我 | I
  你 | you
  他 | he
  她 | she
  我们 | we
  他们 | they
`)
