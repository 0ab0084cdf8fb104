import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readLines } from './read-lines.ts'

async function collect(chunks: readonly (Uint8Array | string)[]): Promise<string[]> {
  async function* stream(): AsyncGenerator<Uint8Array | string> {
    yield* chunks
  }
  const lines: string[] = []
  for await (const line of readLines(stream())) lines.push(line)
  return lines
}

test('gives the lines of a text however its bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.stringMatching(/^[机a 器🙂]*$/u)),
      fc.array(fc.nat(40), { maxLength: 6 }),
      fc.boolean(),
      async (lines, cuts, endsWithBreak) => {
        fc.pre(lines.length > 0 && (endsWithBreak || lines.at(-1) !== ''))
        const bytes = new TextEncoder().encode(lines.join('\n') + (endsWithBreak ? '\n' : ''))
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].toSorted(
          (a, b) => a - b,
        )
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
        expect(await collect(chunks)).toEqual(lines)
      },
    ),
  )
})

test('takes off CR, keeps blank lines, and reads strings too', async () => {
  expect(await collect(['a\r\n\r\nb', 'c\n'])).toEqual(['a', '', 'bc'])
  expect(await collect([])).toEqual([])
})

test('names the line with bytes that are no UTF-8', async () => {
  const bytes = Uint8Array.from([0x61, 0x0a, 0xc4, 0xe3, 0x0a])
  await expect(collect([bytes.subarray(0, 2), bytes.subarray(2)])).rejects.toThrow(
    "'standard input' has bytes that are no UTF-8 from line 2 on",
  )
  await expect(collect([Uint8Array.from([0xe6, 0x9c])])).rejects.toThrow('from line 1 on')
})
