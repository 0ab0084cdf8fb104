import { describe, expect, it } from 'vitest'
import { bleuTokenizers } from './index.ts'

const words = (text: string): string[] => text.split('|')

// What sacreBLEU 2.6.0 gives.
const cases: [text: string, default13a: string[], chinese: string[]][] = [
  ['我喜欢“机器学习”。', ['我喜欢“机器学习”。'], [...'我喜欢“机器学习”。']],
  [
    'GPT-4是2023年3月14日发布的，对吗？',
    ['GPT-4是2023年3月14日发布的，对吗？'],
    words('GPT-4|是|2023|年|3|月|14|日|发|布|的|，|对|吗|？'),
  ],
  ['价格：1,234.56元—便宜！', ['价格：1,234.56元—便宜！'], words('价|格|：|1,234.56|元|—|便|宜|！')],
  ['a\u{20000}b', ['a\u{20000}b'], ['a\u{20000}b']],
  ['hello 世界…ok', words('hello|世界…ok'), words('hello|世|界|…|ok')],
  [
    '5-6 people paid $1,234.56, "cheap"...',
    words('5|-|6|people|paid|$|1,234.56|,|"|cheap|"|.|.|.'),
    words('5|-|6|people|paid|$|1,234.56|,|"|cheap|"|.|.|.'),
  ],
  [
    "well-known don't (really) A.B. 3.5% &lt;b&gt;",
    words("well-known|don't|(|really|)|A|.|B|.|3.5|%|<|b|>"),
    words("well-known|don't|(|really|)|A|.|B|.|3.5|%|&|lt|;|b|&|gt|;"),
  ],
  ['hy-\nphen<skipped> \u2028line', words('hyphen|line'), words('hy-|phen|<|skipped|>|line')],
  ['.5 a,b 1,000,', words('.|5|a|,|b|1,000|,'), words('.5|a|,|b|1,000,')],
]

describe('bleuTokenizers', () => {
  it.each(cases)('split %j as sacreBLEU does', (text, default13a, chinese) => {
    expect(bleuTokenizers['13a'](text)).toEqual(default13a)
    expect(bleuTokenizers.zh(text)).toEqual(chinese)
  })

  it('split into characters, and at white space', () => {
    expect(bleuTokenizers.char('a\u{20000} 世\n')).toEqual(['a', '\u{20000}', '世'])
    expect(bleuTokenizers.none(' a,b  c.\u3000d ')).toEqual(['a,b', 'c.', 'd'])
  })

  it('give nothing for nothing', () => {
    for (const tokenize of Object.values(bleuTokenizers)) expect(tokenize(' \n')).toEqual([])
  })
})
