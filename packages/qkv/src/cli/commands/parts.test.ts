import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { builtInParts } from '@qkv/attention'
import { describe, expect, test } from 'vitest'
import type { ListedPart } from '../../run/list-parts.ts'
import { installBackend, runCli, temporaryFolder } from '../cli.test-helper.ts'
import { configTemplate } from '../config-template.ts'

/** The config that `qkv init` writes, with a part of its own. */
const plugin = configTemplate().replace(
  'export default defineConfig({',
  `export default defineConfig({
  plugins: [{ name: 'mine', source: 'nobody 2026, nothing', bias: (_: unknown, scores: never) => scores }],`,
)

describe('qkv parts', () => {
  test('lists every part, as columns and as a JSON array of objects', async () => {
    const folder = await temporaryFolder()
    const { exitCode, stdout, stderr } = await runCli(['parts'], { cwd: folder })
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout.split('\n')[0]).toMatch(/^name +stages +year +fused +cache +use$/)
    const listed = JSON.parse((await runCli(['parts', '--json'], { cwd: folder })).stdout) as ListedPart[]
    expect(listed.map(({ name }) => name)).toEqual([...builtInParts.keys()])
    expect(listed.find(({ name }) => name === 'alibi')).toMatchObject({
      stages: ['bias'],
      causal: true,
      fusedOn: ['cpu'],
      from: '@qkv/attention',
    })
    const measured = new Map(listed.map((part) => [part.name, part.measured]))
    expect([...measured].filter(([, costs]) => costs === undefined)).toEqual([])
    expect(measured.get('sliding-window')).toMatchObject({ linear: true })
    expect(measured.get('scaled-dot')).toMatchObject({ linear: false })
    const { milliseconds, peakBytes } = measured.get('additive')!
    expect([...milliseconds, ...peakBytes].every((value) => value > 0)).toBe(true)
  })

  test('tells of some in full', async () => {
    const { stdout } = await runCli(['parts', 'alibi', 'linear'], { cwd: await temporaryFolder() })
    expect(stdout).toContain('alibi\n  stages')
    expect(stdout).toMatch(/cache +state/)
    expect(stdout).toMatch(/time grows with +length\^\d/)
    expect(stdout).toMatch(/256 positions +[\d.]+ ms, with gradients [\d.]+ ms, [\d.]+ MB and [\d.]+ MB/)
    expect(stdout).toMatch(/formula +o = Σ \(f\(q\)/)
  })

  test('says on standard error which backend was taken where it was not the first', async () => {
    const folder = await temporaryFolder()
    await installBackend(folder, 'boom', 'throw new TypeError("a defect")')
    const options = { cwd: folder, env: { QKV_BACKEND: 'boom,reference' } }
    const { exitCode, stdout, stderr } = await runCli(['parts', 'rope', '--json'], options)
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toHaveLength(1)
    expect(stderr).toMatch(
      /^backend: reference\n {2}not boom: .*qkv-backend-boom cannot be loaded \(a defect\)/,
    )
  })

  test('lists the parts of plugins first', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'qkv.config.ts'), plugin)
    const { stdout } = await runCli(['parts', '--json'], { cwd: folder })
    expect((JSON.parse(stdout) as ListedPart[])[0]).toMatchObject({
      name: 'mine',
      from: 'plugin',
      fusedOn: [],
    })
  })

  test('refuses a name that is none, with the nearest one', async () => {
    const { exitCode, stderr } = await runCli(['parts', 'alibbi'], { cwd: await temporaryFolder() })
    expect(exitCode).toBe(2)
    expect(stderr).toContain(
      "qkv parts: 'alibbi' is no attention part, expected one of additive, aft, alibi, ",
    )
    expect(stderr).toContain("Did you mean 'alibi'?")
  })
})
