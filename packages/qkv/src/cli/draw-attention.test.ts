import { expect, test } from 'vitest'
import { drawAttention } from './draw-attention.ts'

test('draws columns under their tokens, wide characters included, and darker blocks for more weight', () => {
  const drawing = drawAttention({
    sourceTokens: ['我', '爱你', 'a', '<eos>'],
    targetTokens: ['I', ' love', '<eos>'],
    weights: [
      [0.7, 0.2, 0.06, 0.04],
      [0.04, 0.5, 0.46, 0],
      [0, 0, 0.1, 0.9],
    ],
    layer: 1,
  })
  expect(drawing.split('\n')).toEqual([
    '       我 爱你 a  <eos>',
    '    I  ██ ▒▒▒▒ ░░',
    ' love     ▓▓▓▓ ▓▓',
    '<eos>          ░░ █████',
    '       blank below 5 %  ░░ from 5 %  ▒▒ from 20 %  ▓▓ from 40 %  ██ from 60 %',
  ])
})

test('shows blanks and halves of characters', () => {
  const drawing = drawAttention({ sourceTokens: [' '], targetTokens: ['\uFFFD'], weights: [[1]], layer: 0 })
  expect(drawing.split('\n').slice(0, 2)).toEqual(['   ␣', '·  ██'])
})
