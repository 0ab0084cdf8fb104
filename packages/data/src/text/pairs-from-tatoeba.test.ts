import { describe, expect, test } from 'vitest'
import { pairsFromTatoeba } from './pairs-from-tatoeba.ts'

const sourceSentences = '1\tcmn\t我们试试看！\n2\tcmn\t我该去睡觉了。\n'
const targetSentences =
  '1276\teng\tLet us try something.\n1277\teng\tI have to go to sleep.\n1278\teng\tI should go to bed.\n'

describe('pairsFromTatoeba', () => {
  test('joins by the links, in their order, and counts links to deleted sentences', () => {
    const links = '2\t1278\n1\t1276\n2\t1277\n3\t1277\n1\t9\n'
    expect(pairsFromTatoeba({ sourceSentences, targetSentences, links })).toEqual({
      pairs: [
        { source: '我该去睡觉了。', target: 'I should go to bed.', sourceId: '2', targetId: '1278' },
        { source: '我们试试看！', target: 'Let us try something.', sourceId: '1', targetId: '1276' },
        { source: '我该去睡觉了。', target: 'I have to go to sleep.', sourceId: '2', targetId: '1277' },
      ],
      missing: 2,
    })
  })

  test('names the export and line that is not as expected', () => {
    expect(() => pairsFromTatoeba({ sourceSentences: '1\tcmn', targetSentences, links: '' })).toThrow(
      `pairsFromTatoeba: 'sourceSentences' has 2 columns in line 1 ("1\\tcmn"), expected 3 columns with tabs between them`,
    )
    expect(() => pairsFromTatoeba({ sourceSentences, targetSentences, links: '1\t1276\n12' })).toThrow(
      "'links' has 1 columns in line 2",
    )
  })
})
