import { verb } from '../language/verb.ts'
import type { Verb } from '../language/verb.ts'
import { drinks, foods } from './food.ts'
import { table } from './word.ts'

/** Verbs that do not follow the rules, or double a consonant. */
const irregular: readonly Verb[] = [
  verb('be', { third: 'is', past: 'was', participle: 'been' }),
  verb('borrow'),
  verb('break', { past: 'broke', participle: 'broken' }),
  verb('buy', { past: 'bought' }),
  verb('come', { past: 'came', participle: 'come' }),
  verb('do', { past: 'did', participle: 'done' }),
  verb('draw', { past: 'drew', participle: 'drawn' }),
  verb('drink', { past: 'drank', participle: 'drunk' }),
  verb('drive', { past: 'drove', participle: 'driven' }),
  verb('eat', { past: 'ate', participle: 'eaten' }),
  verb('feed', { past: 'fed' }),
  verb('get', { past: 'got', participle: 'gotten', progressive: 'getting' }),
  verb('give', { past: 'gave', participle: 'given' }),
  verb('go', { past: 'went', participle: 'gone' }),
  verb('have', { third: 'has', past: 'had' }),
  verb('know', { past: 'knew', participle: 'known' }),
  verb('lose', { past: 'lost' }),
  verb('make', { past: 'made' }),
  verb('meet', { past: 'met' }),
  verb('put', { past: 'put', progressive: 'putting' }),
  verb('read', { past: 'read' }),
  verb('ride', { past: 'rode', participle: 'ridden' }),
  verb('run', { past: 'ran', participle: 'run', progressive: 'running' }),
  verb('see', { past: 'saw', participle: 'seen', progressive: 'seeing' }),
  verb('sell', { past: 'sold' }),
  verb('shop', { past: 'shopped', progressive: 'shopping' }),
  verb('sing', { past: 'sang', participle: 'sung' }),
  verb('sleep', { past: 'slept' }),
  verb('speak', { past: 'spoke', participle: 'spoken' }),
  verb('steal', { past: 'stole', participle: 'stolen' }),
  verb('swim', { past: 'swam', participle: 'swum', progressive: 'swimming' }),
  verb('take', { past: 'took', participle: 'taken' }),
  verb('teach', { past: 'taught' }),
  verb('think', { past: 'thought' }),
  verb('write', { past: 'wrote', participle: 'written' }),
]

/** An English verb by its base form. */
export function verbOf(base: string): Verb {
  return irregular.find((entry) => entry.base === base) ?? verb(base)
}

/** A verb with what belongs to it; Chinese keeps the two apart, since 了, 过 and counts go between. */
export interface Action {
  readonly chinese: string
  readonly chineseVerb: string
  readonly chineseObject: string
  readonly verb: Verb
  /** What follows the English verb, with its leading blank; empty for a verb alone. */
  readonly rest: string
  readonly tags: readonly string[]
}

/** Reads a table of `动词 | 宾语 | English verb | what follows | tags`. */
export function actions(text: string): Action[] {
  return table(text).map(([chineseVerb = '', chineseObject = '', base = '', rest = '', tags = '']) => ({
    chinese: chineseVerb + chineseObject,
    chineseVerb,
    chineseObject,
    verb: verbOf(base),
    rest: rest === '' ? '' : ` ${rest}`,
    tags: tags.split(' '),
  }))
}

/** What people do in their free time or at home, at any hour. Tags: skill, sport, outdoor, indoor, quiet (goes with another activity). */
export const activities: readonly Action[] = actions(`
  打 | 篮球 | play | basketball | skill sport outdoor
  打 | 网球 | play | tennis | skill sport outdoor
  踢 | 足球 | play | soccer | skill sport outdoor
  弹 | 钢琴 | play | the piano | skill indoor
  弹 | 吉他 | play | the guitar | skill indoor
  下 | 棋 | play | chess | skill indoor
  玩 | 游戏 | play | games | indoor
  听 | 音乐 | listen | to music | indoor quiet
  听 | 广播 | listen | to the radio | indoor quiet
  看 | 电视 | watch | TV | indoor
  看 | 电影 | watch | movies | indoor
  看 | 书 | read | books | indoor
  看 | 报纸 | read | the newspaper | indoor
  写 | 信 | write | letters | indoor hands
  做 | 饭 | cook | | skill indoor hands
  画 | 画 | draw | pictures | skill hands
  唱 | 歌 | sing | | skill quiet
  跳 | 舞 | dance | | skill
  跑 | 步 | run | | sport outdoor
  游 | 泳 | swim | | skill sport outdoor
  散 | 步 | take | a walk | outdoor
  拍 | 照 | take | pictures | outdoor
  爬 | 山 | climb | mountains | outdoor
  骑 | 自行车 | ride | a bicycle | skill sport outdoor
  开 | 车 | drive | | skill
  学习 | | study | | indoor
  休息 | | rest | | indoor
  洗 | 衣服 | wash | clothes | indoor hands
  洗 | 碗 | wash | the dishes | indoor hands
  打扫 | 房间 | clean | the room | indoor hands
  买 | 东西 | shop | |
  学 | 英语 | learn | English |
  学 | 中文 | learn | Chinese |
  遛 | 狗 | walk | the dog | outdoor
  喂 | 猫 | feed | the cat |
`)

const eating: readonly Action[] = foods.flatMap(({ chinese, english }) =>
  actions(`吃 | ${chinese} | eat | ${english}`),
)

export const drinking: readonly Action[] = drinks.flatMap(({ chinese, english }) =>
  actions(`喝 | ${chinese} | drink | ${english} | quiet`),
)

export const eatingAndDrinking: readonly Action[] = [...eating, ...drinking]

/** Activities with a tag. */
export function tagged(tag: string): Action[] {
  return [...activities, ...drinking].filter(({ tags }) => tags.includes(tag))
}

/** The steps of an ordinary day. */
export const routines: readonly (Action & { readonly hours: readonly number[] })[] = actions(`
  起床 | | get | up | 5 6 7 8
  吃 | 早饭 | eat | breakfast | 6 7 8 9
  出门 | | go | out | 7 8 9 10
  上班 | | go | to work | 7 8 9 10
  吃 | 午饭 | eat | lunch | 11 12 1
  回家 | | go | home | 4 5 6 7
  吃 | 晚饭 | eat | dinner | 5 6 7 8
  睡觉 | | go | to bed | 9 10 11 12
`).map((action) => Object.assign({ hours: action.tags.map(Number) }, action))

/** What is done once, and then is done. */
export const tasks: readonly Action[] = actions(`
  起床 | | get | up
  吃 | 早饭 | eat | breakfast
  吃 | 午饭 | eat | lunch
  吃 | 晚饭 | eat | dinner
  洗 | 碗 | wash | the dishes
  洗 | 衣服 | wash | clothes
  打扫 | 房间 | clean | the room
  买 | 票 | buy | the tickets
  回家 | | go | home
  寄 | 信 | mail | the letter
  看 | 这封信 | read | this letter
`)

/** What one may have done once in life. */
export const adventures: readonly Action[] = actions(`
  骑 | 马 | ride | a horse
  坐 | 飞机 | take | a plane
  爬 | 长城 | climb | the Great Wall
  见 | 雪 | see | snow
  吃 | 寿司 | eat | sushi
  吃 | 北京烤鸭 | eat | Beijing duck
  喝 | 绿茶 | drink | green tea
  写 | 小说 | write | a novel
  养 | 猫 | have | a cat
  学 | 法语 | learn | French
`)

/** What would do somebody good: 应该. */
export const advice: readonly Action[] = actions(`
  多喝 | 水 | drink | more water
  多吃 | 蔬菜 | eat | more vegetables
  多休息 | | rest | more
  多运动 | | exercise | more
  多练习 | | practice | more
  少喝 | 咖啡 | drink | less coffee
  早点起床 | | get | up earlier
  早点睡觉 | | go | to bed earlier
  努力学习 | | study | hard
  去看医生 | | see | a doctor
`)

/** Too much of something: 不应该. */
export const excesses: readonly Action[] = actions(`
  喝这么多咖啡 | | drink | so much coffee
  吃这么多蛋糕 | | eat | so much cake
  吃这么多巧克力 | | eat | so much chocolate
  看这么多电视 | | watch | so much TV
  开车开得这么快 | | drive | so fast
  这么晚睡觉 | | go | to bed so late
  这么晚回家 | | go | home so late
`)
