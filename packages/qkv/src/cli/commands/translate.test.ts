import { cp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeProject, runCli } from '../cli.test-helper.ts'

let folder: string

beforeAll(async () => {
  folder = await makeProject({})
  const { stderr } = await runCli(['train'], { cwd: folder })
  if (stderr !== '') throw new Error(stderr)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('translate', () => {
  test('gives a line for each sentence, and an empty one for an empty one', async () => {
    const given = await runCli(['translate', '我爱茶', '', '你看书'], { cwd: folder })
    const [tea, empty, books, end] = given.stdout.split('\n')
    expect([empty, end, given.stderr, given.exitCode]).toEqual(['', '', '', 0])
    const lines = await runCli(['translate', '--model', join('runs', 'translation')], {
      cwd: folder,
      stdin: ['我爱', '茶\r\n\n你看书'],
    })
    expect(lines.stdout).toBe(`${tea}\n\n${books}\n`)
  })

  test('--n-best gives that many with falling scores', async () => {
    const { stdout } = await runCli(['translate', '--beams', '3', '--n-best', '3', '我爱茶'], { cwd: folder })
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'))
    expect(rows.map(([number]) => number)).toEqual(['1', '1', '1'])
    const scores = rows.map(([, score]) => Number(score))
    expect(scores).toEqual(scores.toSorted((left, right) => right - left))
    const { exitCode, stderr } = await runCli(['translate', '--n-best', '3', '我爱茶'], { cwd: folder })
    expect(stderr).toContain("'--n-best' is 3, expected at most the 2 beams. Add --beams 3")
    expect(exitCode).toBe(2)
  })

  test('--json and --show-attention give the weights of the running model', async () => {
    const { stdout } = await runCli(['translate', '--json', '--show-attention', '我爱茶'], { cwd: folder })
    const { source, text, candidates, attention } = JSON.parse(stdout) as {
      readonly source: string
      readonly text: string
      readonly candidates: readonly { readonly text: string }[]
      readonly attention: {
        readonly sourceTokens: readonly string[]
        readonly targetTokens: readonly string[]
        readonly weights: readonly (readonly number[])[]
      }
    }
    expect(source).toBe('我爱茶')
    expect(candidates[0]!.text).toBe(text)
    expect(attention.sourceTokens[0]).toBe(' ')
    expect(attention.sourceTokens.join('').replaceAll('·', '')).toBe(' 我爱茶<eos>')
    expect(attention.targetTokens.at(-1)).toBe('<eos>')
    expect(attention.weights).toHaveLength(attention.targetTokens.length)
    for (const row of attention.weights) {
      expect(row).toHaveLength(attention.sourceTokens.length)
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5)
    }
    const drawn = await runCli(['translate', '--show-attention', '我爱茶'], { cwd: folder })
    expect(drawn.stdout).toContain('<eos>')
    expect(drawn.stdout).toContain('██ from 60 %')
  })

  test('refuses a sentence that the model cannot read, and text that is no UTF-8', async () => {
    const long = await runCli(['translate', '我爱茶'.repeat(40)], { cwd: folder })
    expect(long.stderr).toMatch(/'texts\[0\]' has \d+ tokens \("我爱茶.*expected at most 32, the longest/)
    const bytes = await runCli(['translate'], { cwd: folder, stdin: [Uint8Array.from([0xce, 0xd2, 0x0a])] })
    expect(bytes.stderr).toContain('iconv -f GB18030 -t UTF-8')
    expect([long.exitCode, bytes.exitCode]).toEqual([1, 1])
  })
})

describe('evaluate', () => {
  test('reads files of either kind, and prints the figures', async () => {
    const { stdout, exitCode } = await runCli(['evaluate', '--test', 'train.tsv', '--limit', '3'], {
      cwd: folder,
    })
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(
      /^pairs +3\nBLEU +[\d.]+\nchrF +[\d.]+\nexact match, % +[\d.]+\nloss.* +[\d.]+\nperplexity +[\d.]+\n$/,
    )
    const columns = ['--source-column', '1', '--target-column', '0']
    const swapped = await runCli(['evaluate', '--test', 'train.tsv', ...columns, '--limit', '2', '--json'], {
      cwd: folder,
    })
    const { translations } = JSON.parse(swapped.stdout) as {
      readonly translations: readonly { readonly source: string; readonly reference: string }[]
    }
    expect(translations[0]).toMatchObject({ source: 'I love you', reference: '我爱你' })
  })
})

describe('models that come with qkv', () => {
  test.each([
    [
      ['--from', 'zh', '--to', 'de'],
      "'--from, --to' are zh and de, expected --from zh --to en or --from en --to zh",
    ],
    [['--from', 'zh'], "'--from, --to' are not both given"],
    [['--from', 'zh', '--to', 'en', '--model', 'x'], "'--model' is given with --from or --to"],
  ])('refuses %j', async (flags, message) => {
    const { exitCode, stderr } = await runCli(['translate', ...flags, '我'], { cwd: folder })
    expect(stderr).toContain(message)
    expect(exitCode).toBe(2)
  })

  test('are found where the project has them installed', async () => {
    const installed = join(folder, 'node_modules', '@qkv', 'translation-zh-en')
    await cp(join(folder, 'runs', 'translation'), installed, { recursive: true })
    await writeFile(
      join(installed, 'package.json'),
      JSON.stringify({ name: '@qkv/translation-zh-en', exports: { './*': './*' } }),
    )
    const wanted = await runCli(['translate', '我爱茶'], { cwd: folder })
    const { stdout, exitCode } = await runCli(['translate', '--from', 'zh', '--to', 'en', '我爱茶'], {
      cwd: folder,
    })
    expect([stdout, exitCode]).toEqual([wanted.stdout, 0])
  })
})
