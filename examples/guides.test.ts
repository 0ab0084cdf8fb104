import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gradientMismatch } from '@qkv/tensor/conformance'
import type { Op } from '@qkv/tensor'
import { afterAll, expect, test, vi } from 'vitest'

// What the README and the guides show is run here as it stands.
const folder = new URL('.generated/', import.meta.url)
const root = new URL('../', import.meta.url)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The first block of a page in TypeScript or JavaScript whose opening line ends as given. */
function block(page: string, info: string): string {
  const text = readFileSync(new URL(page, root), 'utf8')
  const opening = new RegExp(`^\`\`\`(?:ts|js)${info}$`, 'm').exec(text)
  if (!opening) throw new Error(`${page} has no block of TypeScript or JavaScript`)
  const start = opening.index + opening[0].length + 1
  return text.slice(start, text.indexOf('\n```', start))
}

function save(name: string, code: string): string {
  mkdirSync(folder, { recursive: true })
  const url = new URL(name, folder)
  writeFileSync(url, code)
  return url.href
}

test('README: ten lines that train something', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  await import(/* @vite-ignore */ save('readme.ts', block('README.md', '')))
  const values = log.mock.lastCall![0] as Float32Array
  log.mockRestore()
  ;[0, 1, 1, 0].forEach((wanted, index) => expect(values[index]).toBeCloseTo(wanted, 1))
})

/** What they show are commands, which tooling/scripts/pack-and-install.mjs runs. */
const commands = ['qkv', 'create-qkv-attention']

test.for(readdirSync(new URL('packages/', root)).filter((name) => !commands.includes(name)))(
  'packages/%s/README.md: its example runs',
  async (name) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    const url = save(`${name}.ts`, block(`packages/${name}/README.md`, ''))
    await expect(import(/* @vite-ignore */ url)).resolves.toBeDefined()
    log.mockRestore()
  },
)

test('add-an-op: the operation of the guide passes its gradient check', async () => {
  const file = 'packages/tensor/src/ops/softsign.ts'
  const home = new URL(file, root)
  const code = block('docs/contributing/add-an-op.md', ` file=${file}`)
  // The guide's file lies elsewhere here, so as not to touch the sources: its imports are made absolute.
  const moved = code.replaceAll(
    /from '(\.[^']*)'/g,
    (_, path: string) => `from '${fileURLToPath(new URL(path, home))}'`,
  )
  const { softsignOp } = (await import(/* @vite-ignore */ save('softsign.ts', moved))) as { softsignOp: Op }
  for (const sample of softsignOp.samples) expect(gradientMismatch(softsignOp, sample)).toBeNull()
})

test('add-an-attention-part: the part of the guide passes the test of the guide, in both languages', async () => {
  const pages = [
    'docs/contributing/add-an-attention-part.md',
    'docs/contributing/add-an-attention-part.zh-CN.md',
  ]
  const [part, wording] = ['src/index.ts', 'src/index.test.ts'].map((file) => {
    const [english, chinese] = pages.map((page) => block(page, ` file=${file}`))
    expect(chinese).toBe(english)
    return english!
  }) as [string, string]
  const home = save('off-by-one.ts', part)
  const cases: [string, () => unknown][] = []
  vi.stubGlobal('collect', (title: string, run: () => unknown) => cases.push([title, run]))
  await import(
    /* @vite-ignore */ save(
      'off-by-one-cases.ts',
      wording
        .replace("import { test } from 'node:test'", 'const test = globalThis.collect')
        .replace('./index.js', fileURLToPath(home)),
    )
  )
  vi.unstubAllGlobals()
  const failed = await Promise.all(
    cases.map(async ([title, run]) => {
      try {
        await run()
        return []
      } catch (error) {
        return [`${title}: ${String(error)}`]
      }
    }),
  )
  expect(failed.flat()).toEqual([])
  expect(cases.map(([title]) => title)).toContain('off-by-one: its cases fail for plain scaled-dot')
})
