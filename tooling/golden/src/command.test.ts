import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { golden } from './command.ts'
import type { GroupReport } from './run.ts'

const ownCases = fileURLToPath(new URL('../cases', import.meta.url))
const group = 'ops_elementwise'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'golden-'))
  for (const ending of ['json', 'bin']) {
    cpSync(join(ownCases, `${group}.${ending}`), join(folder, `${group}.${ending}`))
  }
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Rewrites the cases of the folder. */
function change(edit: (cases: { name: string; op: string }[]) => void): void {
  const path = join(folder, `${group}.json`)
  const document = JSON.parse(readFileSync(path, 'utf8')) as { cases: { name: string; op: string }[] }
  edit(document.cases)
  writeFileSync(path, JSON.stringify(document))
}

describe('golden', () => {
  test('a folder that passes ends with status 0', async () => {
    const { status, output } = await golden({ folder, backend: 'reference', json: false })
    expect(output).toContain('135 passed, 0 failed, 0 skipped')
    expect(status).toBe(0)
  })

  test('cases are not chosen by name', async () => {
    change((cases) => {
      for (const [index, testCase] of cases.entries()) testCase.name = `case ${index}`
    })
    const { status } = await golden({ folder, backend: 'reference', json: true })
    expect(status).toBe(0)
  })

  test('wrong numbers fail, and say where', async () => {
    const path = join(folder, `${group}.bin`)
    const bytes = readFileSync(path)
    bytes.writeFloatLE(bytes.readFloatLE(32) + 0.1, 32)
    writeFileSync(path, bytes)
    const { status, output } = await golden({ folder, backend: 'reference', json: true })
    const reports = JSON.parse(output) as Record<string, GroupReport>
    expect(reports[group]).toMatchObject({
      passed: 134,
      total: 135,
      failures: [{ name: 'neg_7', reason: expect.stringContaining("output 'out' [0] is ") }],
    })
    expect(status).toBe(1)
  })

  test('an op that nothing maps fails with its name', async () => {
    change((cases) => {
      cases[0]!.op = 'unheard_of'
    })
    const { status, output } = await golden({ folder, backend: 'reference', json: false })
    expect(output).toContain("op 'unheard_of' is not mapped")
    expect(status).toBe(1)
  })

  test.each([
    [{ backend: 'abacus' }, "'--backend' is 'abacus', expected one of 'reference'"],
    [{ folder: '/no/such/folder' }, "'/no/such/folder' is not a folder"],
    [{ folder: fileURLToPath(new URL('.', import.meta.url)) }, 'holds no cases'],
  ])('refuses %o with one sentence', async (wrong, sentence) => {
    const { status, output } = await golden({ folder, backend: 'reference', json: false, ...wrong })
    expect(output).toContain(sentence)
    expect(output.trim().split('\n')).toHaveLength(1)
    expect(status).toBe(2)
  })
})
