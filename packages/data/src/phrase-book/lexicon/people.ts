import { table, words } from './word.ts'
import type { Word } from './word.ts'

/** Somebody whom a sentence speaks about. */
export interface Subject extends Word {
  /** After a verb or a preposition: me, him, Tom. */
  readonly object: string
  readonly agreement: 'I' | 'singular' | 'plural'
  /** Whether more than one: 我们是老师, we are teachers. */
  readonly several: boolean
  /** 我的, my; 汤姆的, Tom's */
  readonly possessive: Word
}

/** Somebody whom a later clause can call by a pronoun, since the name says which. */
export interface Person extends Subject {
  /** The pronoun that a later clause uses: 他 for 汤姆. */
  readonly pronoun: Word
  /** The possessive of that pronoun: his. */
  readonly own: string
  /** The ages in years that go with what the person is called. */
  readonly youngest: number
  readonly oldest: number
}

const anyAge = { youngest: 5, oldest: 60 }

function pronoun(
  chinese: string,
  english: string,
  object: string,
  own: string,
  agreement: Person['agreement'],
): Person {
  const word = { chinese, english }
  const several = english === 'we' || english === 'they'
  return {
    ...word,
    object,
    agreement,
    several,
    possessive: { chinese: `${chinese}的`, english: own },
    pronoun: word,
    own,
    ...anyAge,
  }
}

export const me: Person = pronoun('我', 'I', 'me', 'my', 'I')
export const you: Person = pronoun('你', 'you', 'you', 'your', 'plural')
export const he: Person = pronoun('他', 'he', 'him', 'his', 'singular')
export const she: Person = pronoun('她', 'she', 'her', 'her', 'singular')
export const we: Person = pronoun('我们', 'we', 'us', 'our', 'plural')
export const they: Person = pronoun('他们', 'they', 'them', 'their', 'plural')

export const pronouns: readonly Person[] = [me, you, he, she, we, they]

function subject(chinese: string, english: string): Subject {
  const possessive = { chinese: `${chinese}的`, english: `${english}'s` }
  return { chinese, english, object: english, agreement: 'singular', several: false, possessive }
}

function named(chinese: string, english: string, like: string, ages = anyAge): Person {
  const { pronoun, own } = like === 'he' ? he : she
  return { ...subject(chinese, english), pronoun, own, ...ages }
}

export const names: readonly Person[] = table(`
  汤姆 | Tom | he
  大卫 | David | he
  小明 | Xiaoming | he
  玛丽 | Mary | she
  安娜 | Anna | she
  小红 | Xiaohong | she
`).map(([chinese = '', english = '', like = '']) => named(chinese, english, like))

const relatives = table(`
  爸爸 | father | he | 30 | 60
  妈妈 | mother | she | 30 | 60
  哥哥 | older brother | he | 10 | 40
  姐姐 | older sister | she | 10 | 40
  弟弟 | younger brother | he | 3 | 30
  妹妹 | younger sister | she | 3 | 30
  爷爷 | grandfather | he | 60 | 99
  奶奶 | grandmother | she | 60 | 99
  儿子 | son | he | 3 | 30
  女儿 | daughter | she | 3 | 30
`)

/** 我妈妈, my mother; 他弟弟, his younger brother. */
export const family: readonly Person[] = [me, you, he, she].flatMap((owner) =>
  relatives.map(([chinese = '', english = '', like = '', youngest, oldest]) =>
    named(`${owner.chinese}${chinese}`, `${owner.own} ${english}`, like, {
      youngest: Number(youngest),
      oldest: Number(oldest),
    }),
  ),
)

/** People known by what they do. */
export const roles: readonly Subject[] = words(`
  老师 | the teacher
  医生 | the doctor
  护士 | the nurse
  司机 | the driver
  经理 | the manager
  服务员 | the waiter
  李教授 | Professor Li
  王医生 | Doctor Wang
`).map(({ chinese, english }) => subject(chinese, english))

export const occupations: readonly Word[] = words(`
  老师 | teacher
  学生 | student
  医生 | doctor
  护士 | nurse
  司机 | driver
  经理 | manager
  律师 | lawyer
  工程师 | engineer
  记者 | journalist
  作家 | writer
  歌手 | singer
  演员 | actor
  警察 | police officer
  厨师 | cook
  服务员 | waiter
  科学家 | scientist
  画家 | painter
  农民 | farmer
`)
