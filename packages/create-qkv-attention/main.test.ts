import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { nextSteps } from './copy-template.js'

const folder = mkdtempSync(join(tmpdir(), 'create-qkv-attention-'))
afterAll(() => rmSync(folder, { recursive: true }))

function create(...rawArguments: readonly string[]): {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
} {
  const main = fileURLToPath(new URL('main.js', import.meta.url))
  return spawnSync(process.execPath, [main, ...rawArguments], { cwd: folder, encoding: 'utf8' })
}

test('makes a package with the name in all places', () => {
  const { status, stdout } = create('soft-landing')
  expect(status).toBe(0)
  expect(stdout).toContain('cd soft-landing')
  const made = join(folder, 'soft-landing')
  expect(readdirSync(made).toSorted()).toEqual([
    '.changeset',
    '.gitignore',
    'README.md',
    'package.json',
    'src',
    'tsconfig.json',
  ])
  expect(JSON.parse(readFileSync(join(made, 'package.json'), 'utf8'))).toMatchObject({ name: 'soft-landing' })
  const part = readFileSync(join(made, 'src/index.ts'), 'utf8')
  expect(part).toContain('export function softLanding(): AttentionPart')
  expect(part).toContain("name: 'soft-landing'")
  expect(part).not.toMatch(/PART-NAME|partFactory|THIS_YEAR|QKV-VERSION/)
})

test.each([
  [['Soft_Landing'], "the name is 'Soft_Landing', expected lower-case words with hyphens between."],
  [['soft', 'there', 'further'], "the name is 'soft further', expected lower-case words"],
  [['new'], "the name is 'new', expected one that is free in the part's own file"],
  [['await'], "where 'await' means something else"],
  [['mul'], "where 'mul' means something else"],
  [['test-attention'], "where 'testAttention' means something else"],
  [['backends'], "where 'backends' means something else"],
  [[], 'Write: npm create qkv-attention my-attention'],
])('%j is refused in one sentence', (rawArguments, sentence) => {
  const { status, stderr } = create(...rawArguments)
  expect(status).toBe(2)
  expect(stderr).toContain(sentence)
  expect(stderr.trim().split('\n')).toHaveLength(1)
})

test('what comes next works before the packages are on npm, and after', () => {
  const steps = (version: string): readonly string[] =>
    nextSteps({ folder: 'mine', version, needed: 'qkv-tensor-' })
      .split('\n')
      .filter((line) => line.startsWith('  '))
  expect(steps('0.1.0')).toEqual(['  cd mine', '  npm install', '  npm test'])
  const packed = resolve('../qkv-packages')
  expect(steps('0.0.0')).toEqual([
    `  npm run pack -- ${packed}    # in the repository of qkv`,
    '  cd mine',
    `  npm install --no-save ${join(packed, 'qkv-tensor-*.tgz')}`,
    '  npm test',
  ])
})

test('a folder that is there is left alone', () => {
  create('twice')
  const { status, stderr } = create('twice')
  expect(status).toBe(2)
  expect(stderr).toMatch(
    /^create-qkv-attention: .*twice is there already\. Name another folder, or remove that one\.\n$/,
  )
})
